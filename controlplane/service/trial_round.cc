#include "controlplane/service/trial_round.h"

#include <fmt/format.h>

#include <memory>
#include <mutex>
#include <utility>

namespace cacheplane::service {
namespace {

class Round : public std::enable_shared_from_this<Round> {
 public:
  using Done = std::function<void(std::vector<ParameterTrial>)>;

  Round(ports::TrialSender& sender, const Clock& clock, ports::Trial values, std::vector<TrialPlan> plans, Done done)
      : sender_(sender),
        clock_(clock),
        values_(std::move(values)),
        plans_(std::move(plans)),
        done_(std::move(done)),
        until_(clock.Mono() + kAnotherTrialWithin),
        asked_(plans_.size()),
        waiting_(plans_.size()) {
    for (const TrialPlan& plan : plans_) trials_.push_back({.engine = plan.engine, .version = plan.version});
  }

  void Begin() {
    if (plans_.empty()) return done_({});
    for (std::size_t i = 0; i < plans_.size(); ++i) {
      if (plans_[i].candidates.empty()) {
        trials_[i].problem = "no connected agent has an image of it";
        Settle();
      } else {
        Ask(i);
      }
    }
  }

 private:
  void Ask(std::size_t i) {
    const TrialPlan::Candidate& candidate = plans_[i].candidates[asked_[i]];
    ports::Trial trial = values_;
    trial.image = {plans_[i].engine, candidate.image_version};
    sender_.Try(candidate.agent, trial,
                [self = shared_from_this(), i](const Status& status) { self->Answered(i, status); });
  }

  void Answered(std::size_t i, const Status& status) {
    const TrialPlan::Candidate& candidate = plans_[i].candidates[asked_[i]];
    ParameterTrial& trial = trials_[i];  // nobody else touches it until it is settled
    if (!status.ok() && status.error().code != ErrorCode::kInvalidArgument) {
      trial.problem +=
          fmt::format("{}{}: {}", trial.problem.empty() ? "" : ", ", candidate.agent, status.error().message);
      if (++asked_[i] < plans_[i].candidates.size() && clock_.Mono() < until_) return Ask(i);
      return Settle();
    }
    trial.agent = candidate.agent.str();
    trial.image_version = candidate.image_version;
    trial.problem.clear();
    if (!status.ok()) trial.refusal = status.error().message;
    Settle();
  }

  void Settle() {
    {
      const std::scoped_lock lock(mutex_);
      if (--waiting_ > 0) return;
    }
    done_(trials_);
  }

  ports::TrialSender& sender_;
  const Clock& clock_;
  const ports::Trial values_;
  const std::vector<TrialPlan> plans_;
  const Done done_;
  const MonoTime until_;
  std::vector<std::size_t> asked_;  // of each plan's candidates, those that have answered
  std::vector<ParameterTrial> trials_;
  std::mutex mutex_;
  std::size_t waiting_;  // plans that are not settled
};

}  // namespace

void TryParameters(ports::TrialSender& sender, const Clock& clock, ports::Trial values, std::vector<TrialPlan> plans,
                   std::function<void(std::vector<ParameterTrial>)> done) {
  std::make_shared<Round>(sender, clock, std::move(values), std::move(plans), std::move(done))->Begin();
}

}  // namespace cacheplane::service
