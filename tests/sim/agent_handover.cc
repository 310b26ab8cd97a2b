// A planned handover as nodeagent/supervisor/handover.cc carries it out, one question or command an event.
#include "tests/sim/agent.h"

namespace cacheplane::sim {
namespace {

constexpr std::int64_t kAnswerWithin = 300;
constexpr std::int64_t kOpenWithin = 1000;

std::int64_t OffsetOf(const Engine& engine) { return kBytesPerWrite * engine.data.length; }

}  // namespace

// Why writes are not to be paused yet; `took`: how long the questions lasted.
std::string Agent::Obstacle(Handover& handover, const Engine& own, std::int64_t& took) {
  took = kAnswerWithin;
  handover.open = false;
  if (own.Stuck()) return "no answer";
  handover.open = own.open;
  if (!own.open) return "it is not open";
  if (handover.first_offset < 0) handover.first_offset = OffsetOf(own);
  const Engine* candidate = reality_.Reach(host_.name(), ToModel(handover.candidate));
  if (candidate == nullptr) return "the candidate does not answer";
  took = reality_.schedule.Between(1, 6);
  const agent::Address follows = candidate->follows ? ToAgent(*candidate->follows) : agent::Address{};
  return agent::WhyNotYet({.own = ToAgent(own.address),
                           .history = ReplicationId(own.data),
                           .offset = OffsetOf(own),
                           .first_offset = handover.first_offset},
                          {.replica = !candidate->open,
                           .follows = follows,
                           .link_up = candidate->link_up,
                           .history = ReplicationId(candidate->data),
                           .offset = OffsetOf(*candidate),
                           .ready = candidate->opener == handover.epoch});
}

void Agent::Step(const std::string& incarnation, const std::shared_ptr<Handover>& handover) {
  Engine* const own = reality_.FindEngine(host_.name(), incarnation, handover->start);
  if (own == nullptr || nodes_[incarnation].handover != handover) return;
  reality_.effect(host_, incarnation);
  if (!*alive_) return;
  const auto next = [&](std::int64_t delay) { Later(delay, [=, this] { Step(incarnation, handover); }); };
  switch (handover->stage) {
    case Handover::Stage::kAwaitReady: {
      std::int64_t took = 0;
      const std::string obstacle = Obstacle(*handover, *own, took);
      if (obstacle.empty()) {
        handover->stage = Handover::Stage::kPause;
        return next(took);
      }
      if (handover->called_off) return Finish(incarnation, handover, Handover::End::kKept, "called off");
      if (now() >= handover->began + agent::kCandidateReadyWithin.count()) {
        return Finish(incarnation, handover, Handover::End::kKept, obstacle);
      }
      return next(took + 5);
    }
    case Handover::Stage::kPause:
      if (own->Stuck()) return Finish(incarnation, handover, Handover::End::kKept, "the pause was not answered");
      handover->paused = now();
      own->paused_until = now() + agent::kPauseBudget.count();
      handover->stage = Handover::Stage::kAwaitOffset;
      return next(reality_.schedule.Between(0, 2));
    case Handover::Stage::kAwaitOffset: return AwaitOffset(incarnation, handover, *own);
    case Handover::Stage::kDemote: return Demote(incarnation, handover, *own);
    case Handover::Stage::kAwaitStragglers: return AwaitStragglers(incarnation, handover, *own);
    case Handover::Stage::kOpen: return Open(incarnation, handover);
    case Handover::Stage::kEnd: return;
  }
}

// The last look before the demotion and the demotion itself are a moment apart.
void Agent::AwaitOffset(const std::string& incarnation, const std::shared_ptr<Handover>& handover, Engine& own) {
  const auto kept = [&](const std::string& why) { Finish(incarnation, handover, Handover::End::kKept, why); };
  if (handover->offset == 0) {
    handover->open = !own.Stuck() && own.open;
    if (!handover->open) return kept("no answer after the pause");
    handover->offset = OffsetOf(own) + 1;
  }
  const Engine* candidate = reality_.Reach(host_.name(), ToModel(handover->candidate));
  if (candidate == nullptr) return kept("the candidate does not answer");
  if (OffsetOf(*candidate) < handover->offset - 1) {
    if (now() >= handover->paused + agent::kCatchUpWithin.count()) return kept("the candidate lacks bytes");
    return Later(1, [=, this] { Step(incarnation, handover); });
  }
  if (handover->called_off) return kept("called off");
  if (now() >= handover->paused + agent::kDemoteWithin.count()) return kept("too late");
  handover->stage = Handover::Stage::kDemote;
  Later(reality_.schedule.Between(0, 1), [=, this] { Step(incarnation, handover); });
}

// An agent that is frozen just before it comes here may find that the pause has ended meanwhile.
void Agent::Demote(const std::string& incarnation, const std::shared_ptr<Handover>& handover, Engine& own) {
  const Command demote{.kind = Command::Kind::kFollow, .primary = ToModel(handover->candidate)};
  if (own.Stuck()) {
    own.buffered.push_back({demote, [] {}});
    handover->open = false;
    return Later(2 * kAnswerWithin, [=, this] {
      Finish(incarnation, handover, Handover::End::kUnknown, "the demotion was not answered");
    });
  }
  reality_.Execute(own, demote);
  handover->demoted = now();
  handover->stage = Handover::Stage::kAwaitStragglers;
  Later(reality_.schedule.Between(0, 2), [=, this] { Step(incarnation, handover); });
}

void Agent::AwaitStragglers(const std::string& incarnation, const std::shared_ptr<Handover>& handover, Engine& own) {
  const Engine* candidate = reality_.Reach(host_.name(), ToModel(handover->candidate));
  const bool written = OffsetOf(own) > handover->offset - 1;
  if (written && (candidate == nullptr || OffsetOf(*candidate) < OffsetOf(own))) {
    if (now() < handover->demoted + agent::kCatchUpWithin.count()) {
      return Later(5, [=, this] { Step(incarnation, handover); });
    }
    reality_.sometimes.insert("a successor lacked writes and was not opened");
    return Finish(incarnation, handover, Handover::End::kUnknown, "the candidate was not opened: it lacks writes");
  }
  handover->complete = true;
  handover->stage = Handover::Stage::kOpen;
  Later(reality_.schedule.Between(0, 3), [=, this] { Step(incarnation, handover); });
}

void Agent::Open(const std::string& incarnation, const std::shared_ptr<Handover>& handover) {
  handover->stage = Handover::Stage::kEnd;
  const Engine* candidate = reality_.EngineAt(ToModel(handover->candidate));
  const bool sent = candidate != nullptr && reality_.network.Connects(host_.name(), candidate->host);
  if (sent) {
    reality_.Send(candidate->host, candidate->incarnation, candidate->start,
                  {.kind = Command::Kind::kOpen, .primary = {}, .opener = handover->epoch},
                  [this, alive = std::weak_ptr(alive_), incarnation, handover] {
                    if (!Lives(alive)) return;
                    handover->opened = true;
                    reality_.lead({ToModel(handover->candidate), {handover->epoch}});
                    Later(1, [=, this] { Finish(incarnation, handover, Handover::End::kDone, ""); });
                  });
  }
  Later(sent ? kOpenWithin : kAnswerWithin, [=, this] {
    if (!handover->opened) Finish(incarnation, handover, Handover::End::kUnknown, "the candidate was not opened");
  });
}

void Agent::Finish(const std::string& incarnation, const std::shared_ptr<Handover>& handover, Handover::End end,
                   const std::string& problem) {
  NodeMemory& node = nodes_[incarnation];
  Engine* const own = reality_.FindEngine(host_.name(), incarnation, handover->start);
  if (own == nullptr || node.handover != handover) return;
  if (end == Handover::End::kKept && !handover->open) end = Handover::End::kUnknown;
  if (end != Handover::End::kUnknown || handover->stage == Handover::Stage::kEnd) own->paused_until = 0;
  node.handover.reset();
  node.handover_problem = problem;
  if (handover->complete) node.handed_over = handover->epoch;
  if (end == Handover::End::kDone) node.handover_us = 1000 * (now() - handover->paused);
  if (end == Handover::End::kKept) {
    std::uint64_t& failed = host_.disk[incarnation].handover_failed;
    failed = std::max(failed, handover->epoch);
    reality_.sometimes.insert("a handover was given up");
  }
  reality_.sometimes.insert(end == Handover::End::kDone      ? "a handover was done"
                            : end == Handover::End::kUnknown ? "a handover ended in doubt"
                                                             : "a handover was given up");
  reality_.schedule.Trace("handover ends " + own->node.str() + ": " + problem);
  Look(incarnation);
  Publish(false);
}

}  // namespace cacheplane::sim
