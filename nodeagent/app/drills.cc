#include "nodeagent/app/drills.h"

#include <chrono>
#include <utility>

#include "common/log.h"
#include "common/text.h"
#include "nodeagent/decide/lease.h"

namespace cacheplane::agent {
namespace {

using std::chrono::milliseconds;

// The answer must have left this host before the cut.
constexpr milliseconds kAnswerFirst{100};
constexpr milliseconds kLookEvery{50};

}  // namespace

Drills::Drills(EventLoop& loop, Pauses& pauses, const std::string& cut_table, Supervisor& supervisor, Session& session,
               std::function<std::string()> peer_address)
    : loop_(loop),
      pauses_(pauses),
      cut_(cut_table, kAgentMark),
      supervisor_(supervisor),
      session_(session),
      peer_address_(std::move(peer_address)) {}

Drills::~Drills() { loop_.Cancel(timer_); }

void Drills::Resume() {
  // Without the right to know there is none either.
  if (!cut_.UnderWay()) return static_cast<void>(cut_.Remove());
  log::Warn("this host is cut off: a drill that an earlier agent began");
  session_.Hold();
  AwaitHealing();
}

void Drills::Begin(const Drill& drill) {
  const Status status = Carry(drill);
  if (!status.ok()) log::Warn("drill refused: {}", status.error().message);
  session_.AnswerDrill(drill.id, status.ok() ? "" : status.error().message);
}

Status Drills::Carry(const Drill& drill) {
  switch (drill.kind) {
    case Drill::Kind::kPauseNode: return Pause(drill);
    case Drill::Kind::kCutHost: return PrepareCut(drill);
    case Drill::Kind::kUnknown: break;
  }
  return InvalidArgument("this agent does not know such a drill");
}

Status Drills::Pause(const Drill& drill) {
  const auto process = supervisor_.ProcessOf(drill.incarnation);
  if (!process) return FailedPrecondition("it runs no such process any more");
  return pauses_.Pause(*process, drill.duration);
}

Status Drills::PrepareCut(const Drill& drill) {
  if (timer_ != 0) return FailedPrecondition("it is cut off already");
  CP_RETURN_IF_ERROR(Targets());
  CP_RETURN_IF_ERROR(cut_.Prepare());
  timer_ = loop_.At(loop_.now() + kAnswerFirst, [this, duration = drill.duration] { Cut(duration); });
  return {};
}

void Drills::Cut(milliseconds duration) {
  const auto targets = Targets();
  const Status cut = targets.ok() ? cut_.Begin(*targets, duration) : Status(targets.error());
  if (cut.ok()) {
    log::Warn("this host is cut off for {} ms: a drill", duration.count());
    // A connection that is made from now on has a near end that the kernel does not know to be ours.
    session_.Hold();
  } else {
    log::Error("drill: this host is not cut off: {}", cut.error().message);
  }
  AwaitHealing();
}

void Drills::AwaitHealing() {
  if (cut_.UnderWay()) {
    timer_ = loop_.At(loop_.now() + kLookEvery, [this] { AwaitHealing(); });
    return;
  }
  timer_ = 0;
  log::Info("this host is not cut off any more");
  if (const Status removed = cut_.Remove(); !removed.ok()) log::Warn("drill: {}", removed.error().message);
  session_.Release();
}

Result<network::CutTargets> Drills::Targets() const {
  network::CutTargets targets;
  for (const Address& address : supervisor_.EngineAddresses()) targets.engines.insert(address.host);
  CP_ASSIGN_OR_RETURN(targets.sockets, network::OwnConnections(targets.engines));
  const std::string peer = peer_address_();
  const std::size_t colon = peer.rfind(':');
  const auto port = colon == std::string::npos ? std::nullopt : ParseInt(peer.substr(colon + 1));
  if (port) {
    targets.sockets.insert({network::Transport::kUdp, {peer.substr(0, colon), static_cast<std::uint16_t>(*port)}});
  }
  return targets;
}

}  // namespace cacheplane::agent
