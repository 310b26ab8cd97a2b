#include "controlplane/service/audit_trail.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>
#include <utility>

#include "common/log.h"
#include "common/text.h"

namespace cacheplane::service {
namespace {

constexpr std::array<std::string_view, 5> kSecrets = {"password", "authtoken", "secret", "requirepass", "masterauth"};
constexpr const char* kNotShown = "(not shown)";
constexpr std::size_t kLessOfStrangers = 8;

// Between two characters of UTF-8.
void Cut(std::string& text, std::size_t most) {
  if (text.size() <= most) return;
  const std::size_t size = text.size();
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  text = fmt::format("{}… ({} bytes)", text.substr(0, most), size);
}

// The caller chooses these texts, and how many there are.
void Bound(model::AuditRecord& record) {
  const std::size_t share = record.admitted ? 1 : kLessOfStrangers;
  const std::size_t longest = kLongestAuditText / share;
  const std::size_t most = kMostAuditParameters / share;
  for (std::string* text : {&record.caller, &record.operation, &record.resource_kind, &record.resource, &record.message,
                            &record.request_id}) {
    Cut(*text, longest);
  }
  if (record.parameters.size() > most) {
    const std::size_t left_out = record.parameters.size() - most;
    record.parameters.erase(std::next(record.parameters.begin(), static_cast<std::ptrdiff_t>(most)),
                            record.parameters.end());
    record.parameters["…"] = fmt::format("and {} more", left_out);
  }
  std::map<std::string, std::string> bounded;
  for (const auto& parameter : record.parameters) {
    std::pair<std::string, std::string> cut = parameter;
    Cut(cut.first, longest);
    Cut(cut.second, longest);
    bounded.insert(std::move(cut));
  }
  record.parameters = std::move(bounded);
}

// That something differs is told.
void HideSecrets(std::vector<model::FieldChange>& changes) {
  for (model::FieldChange& change : changes) {
    if (IsSecretParameter(change.field)) change.before = change.after = kNotShown;
  }
}

AuditSubject SubjectOf(const model::AuditRecord& record) { return {record.resource_kind, record.resource}; }

void SetSubject(AuditSubject subject, model::AuditRecord& record) {
  record.resource_kind = std::move(subject.kind);
  record.resource = std::move(subject.name);
}

}  // namespace

AuditedCall AuditTrail::Begin(model::AuditRecord call) const {
  AuditedCall audited{std::move(call), {}};
  store_.Read([&](ports::Transaction& transaction) {
    SetSubject(ResolveSubject(transaction, SubjectOf(audited.record)), audited.record);
    audited.before = StateOf(transaction, SubjectOf(audited.record));
  });
  return audited;
}

void AuditTrail::End(AuditedCall call, const AuditOutcome& outcome) {
  call.record.outcome = outcome.code;
  call.record.message = outcome.message;
  Write(call.record, &call.before);
}

void AuditTrail::Refuse(model::AuditRecord call, const AuditOutcome& outcome) {
  call.outcome = outcome.code;
  call.message = outcome.message;
  Write(call, nullptr);
}

void AuditTrail::Write(model::AuditRecord& record, const SubjectState* before) {
  record.time = clock_.Now();
  const Status written = store_.Write([&](ports::Transaction& transaction) -> Status {
    // Once more: what a call made is there only now.
    SetSubject(ResolveSubject(transaction, SubjectOf(record)), record);
    if (before != nullptr) record.changes = ChangesBetween(*before, StateOf(transaction, SubjectOf(record)));
    HideSecrets(record.changes);
    Bound(record);
    transaction.audit().Append(record);
    return {};
  });
  if (written.ok()) return;
  ++lost_;
  log::Error("audit: no record of {} by {} ({}, request {}): {}", record.operation, record.caller, record.outcome,
             record.request_id, written.error().message);
}

bool IsSecretParameter(std::string_view name) {
  std::string plain = ToLower(name);
  std::erase(plain, '_');
  return std::any_of(kSecrets.begin(), kSecrets.end(),
                     [&](std::string_view secret) { return plain.find(secret) != std::string::npos; });
}

}  // namespace cacheplane::service
