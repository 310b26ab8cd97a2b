// AuditTrail: writes the audit log. Called by whoever answers calls from outside, of each that is to change something:
//
//   Begin ─► carried out ─► End            the subject is looked at before and after
//   Refuse                                 it was not carried out
//
// A record is written after its call, in a transaction of its own. One that cannot be written is logged as an error and
// counted; the call's answer stays, since what it did is done. A process that dies between the two leaves a change
// without a record; the revisions and events that the change wrote itself still tell of it.
//
// What others change of the subject while the call is carried out is told with it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/clock.h"
#include "controlplane/model/audit.h"
#include "controlplane/ports/store.h"
#include "controlplane/service/audit_subject.h"

namespace cacheplane::service {

// Of texts and parameters in a record; more is cut. Of callers who were not let in, an eighth of it.
inline constexpr std::size_t kLongestAuditText = 1024;
inline constexpr std::size_t kMostAuditParameters = 160;

// Metadata by which the JSON API, which calls the gRPC API through a channel inside the process, says whom it calls
// for: an address. Believed of inner callers alone.
inline constexpr const char* kInnerPeer = "x-cacheplane-peer";

struct AuditOutcome {
  std::string code;  // "ok", or the error's
  std::string message{};
};

// A call that is being carried out.
struct AuditedCall {
  model::AuditRecord record;  // without outcome and changes
  SubjectState before;
};

// Thread-safe.
class AuditTrail {
 public:
  // Both must outlive it.
  AuditTrail(ports::Store& store, const Clock& clock) : store_(store), clock_(clock) {}

  // `call` has everything but time, outcome and changes.
  AuditedCall Begin(model::AuditRecord call) const;
  void End(AuditedCall call, const AuditOutcome& outcome);
  void Refuse(model::AuditRecord call, const AuditOutcome& outcome);

  // Records that could not be written, since the start of the process.
  std::uint64_t lost() const { return lost_; }

 private:
  void Write(model::AuditRecord& record, const SubjectState* before);

  ports::Store& store_;
  const Clock& clock_;
  std::atomic<std::uint64_t> lost_ = 0;
};

// Whether a parameter's value is never recorded: passwords, tokens of engines, secrets; in any interface's spelling.
bool IsSecretParameter(std::string_view name);

}  // namespace cacheplane::service
