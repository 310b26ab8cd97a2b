#include "cli/commands/drill_probe.h"

#include <fmt/format.h>
#include <google/protobuf/struct.pb.h>

#include "cacheplane/v1/cluster.pb.h"
#include "cli/client/control_plane.h"
#include "common/random_id.h"
#include "common/text.h"

namespace cacheplane::cli {
namespace {

using std::chrono::milliseconds;

constexpr const char* kTag = "cacheplane:drills";
constexpr const char* kAllowed = "allowed";
// Writes before the fault and after its end, so that the gap lies between acknowledged ones.
constexpr milliseconds kBefore(500);
constexpr milliseconds kAfter(500);
constexpr milliseconds kLongestStart(2000);
constexpr milliseconds kLongestRecovery(10'000);
constexpr milliseconds kLook(10);

double Millis(std::chrono::microseconds duration) { return static_cast<double>(duration.count()) / 1000; }

}  // namespace

std::string PrimaryOf(const v1::Cluster& cluster) {
  for (const v1::Shard& shard : cluster.shards()) {
    for (const v1::Node& node : shard.nodes()) {
      if (node.role() == "primary") return node.name();
    }
  }
  return {};
}

ExitCode CheckMayDrill(Session& session, const v1::Cluster& cluster) {
  const auto tag = cluster.spec().tags().find(kTag);
  if (tag == cluster.spec().tags().end() || tag->second != kAllowed) {
    return session.Fail(
        FailedPrecondition(fmt::format("cluster {} does not allow drills", cluster.name())),
        fmt::format("allow them: `cachectl cluster modify {} --tag {}={}`", cluster.name(), kTag, kAllowed));
  }
  if (!cluster.primary_endpoint().address().empty()) return ExitCode::kOk;
  return session.Fail(FailedPrecondition(
      fmt::format("cluster {} is {} and has no primary endpoint", cluster.name(), cluster.status())));
}

WriteProbe::Options ProbeOf(const v1::Cluster& cluster) {
  return {.address = cluster.primary_endpoint().address(),
          .port = cluster.primary_endpoint().port(),
          .key = "cacheplane:drill:" + RandomHex(16)};
}

Status AwaitWrites(Session& session, const WriteProbe& probe, const std::string& consequence) {
  const Clock& clock = session.host().clock;
  const MonoTime start = clock.Mono();
  while (clock.Mono() - start < kBefore || probe.ledger().acknowledged() == 0) {
    if (clock.Mono() - start > kLongestStart) {
      return FailedPrecondition(fmt::format("no write goes through the primary endpoint, so {}: {}", consequence,
                                            probe.ledger().first_failure()));
    }
    session.control_plane().Pause(kLook);
  }
  return {};
}

void AwaitRecovery(Session& session, const WriteProbe& probe) {
  const Clock& clock = session.host().clock;
  const MonoTime start = clock.Mono();
  const std::int64_t before = probe.ledger().acknowledged();
  while (clock.Mono() - start < kAfter || probe.ledger().acknowledged() == before) {
    if (session.control_plane().cancelled() || clock.Mono() - start > kLongestRecovery) return;
    session.control_plane().Pause(kLook);
  }
}

std::string WritesInWords(const WriteLedger& writes) {
  std::string text =
      fmt::format("longest gap between two acknowledged writes: {:.1f} ms\n", Millis(writes.longest_gap()));
  text += fmt::format("{} writes acknowledged, {} failed, {} acknowledged ones lost\n", writes.acknowledged(),
                      writes.failed(), writes.lost());
  if (!writes.first_failure().empty()) text += EscapeControl("first failure: " + writes.first_failure()) + "\n";
  return text;
}

void AddWrites(const WriteLedger& writes, google::protobuf::Struct& report) {
  const auto set = [&report](const char* name, double value) {
    (*report.mutable_fields())[name].set_number_value(value);
  };
  set("longest_gap_ms", Millis(writes.longest_gap()));
  set("acknowledged_writes", static_cast<double>(writes.acknowledged()));
  set("failed_writes", static_cast<double>(writes.failed()));
  set("lost_writes", static_cast<double>(writes.lost()));
}

}  // namespace cacheplane::cli
