#include "nodeagent/supervisor/prober.h"

#include <fmt/format.h>

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "nodeagent/decide/probe_pace.h"

namespace cacheplane::agent {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Shorter than the detection time of a hung engine, so that an answer after a short stall is not missed.
constexpr milliseconds kProbeTimeout{1000};

// What is asked of the engine over its link.
class Questions {
 public:
  explicit Questions(ProbeTarget target) : link_(std::move(target)) {}
  EngineLink& link() { return link_; }

  ProbeResult Probe() {
    if (const Status connected = link_.Connect(kProbeTimeout); !connected.ok()) return Unheard(connected);
    const auto reply = link_.Call({"INFO"}, kProbeTimeout);
    if (!reply.ok()) return {.problem = reply.error().message};
    if (reply->IsError()) return {.answered = true, .problem = reply->text};
    return Read(reply->text);
  }

  ProbeResult Ping() {
    if (const Status connected = link_.Connect(kProbeTimeout); !connected.ok()) return Unheard(connected);
    const auto reply = link_.Call({"PING"}, kProbeTimeout);
    if (!reply.ok()) return {.problem = reply.error().message};
    return {.answered = true, .problem = reply->IsError() ? reply->text : ""};
  }

  CommandResult Command(const std::vector<std::string>& command, milliseconds timeout) {
    if (const Status connected = link_.Connect(kProbeTimeout); !connected.ok()) return {.status = connected};
    const auto reply = link_.Call(command, timeout);
    if (!reply.ok()) return {.sent = true, .status = reply.error()};
    if (reply->IsError()) return {.sent = true, .refused = true, .status = Unavailable(reply->text)};
    return {.sent = true};
  }

 private:
  // That it has no room for us is an answer as well.
  ProbeResult Unheard(const Status& status) const {
    return {.answered = link_.refused(), .problem = status.error().message};
  }

  ProbeResult Read(const std::string& text) {
    const std::string own = fmt::format("\nprocess_id:{}\r", link_.target().pid);
    if (text.find("\nprocess_id:") != std::string::npos && text.find(own) == std::string::npos) {
      link_.Drop();
      const Address& address = link_.target().address;
      return {.problem = fmt::format("another process answers at {}:{}", address.host, address.port)};
    }
    auto info = engine::ParseInfo(text);
    if (!info.ok()) return {.answered = true, .problem = info.error().message};
    return {.answered = true, .info = std::move(*info)};
  }

  EngineLink link_;
};

// A command for the engine, or work of another kind.
struct Job {
  std::vector<std::string> command{};
  milliseconds timeout{};
  std::function<void(EngineLink&)> work{};
  Prober::OnDone done{};
};

}  // namespace

struct Prober::Shared {
  std::shared_ptr<Mailbox> mailbox;
  OnProbe on_probe;     // the loop's thread
  bool closed = false;  // the loop's thread

  std::mutex mutex;
  std::condition_variable wake;
  bool stop = false;
  milliseconds interval{5};
  steady_clock::time_point next_probe;
  std::optional<Job> job;
  std::optional<ProbeResult> latest;  // not yet taken by the loop
  std::optional<steady_clock::time_point> asked;

  // What to do next.
  struct Turn {
    std::optional<Job> job{};
    bool ping = false;
  };
  std::optional<Turn> Await(steady_clock::time_point last_info) {
    std::unique_lock lock(mutex);
    while (!stop && !job && steady_clock::now() < next_probe) wake.wait_until(lock, next_probe);
    if (stop) return std::nullopt;
    const bool quiet = interval >= kSettledInterval && !job;
    const bool recent = steady_clock::now() + kSettledInterval / 2 < last_info + kWholeAnswerEvery;
    return Turn{std::exchange(job, std::nullopt), quiet && recent};
  }

  void Asking(bool under_way) {
    const std::lock_guard lock(mutex);
    asked = under_way ? std::optional(steady_clock::now()) : std::nullopt;
  }

  static void Publish(const std::shared_ptr<Shared>& self, ProbeResult result) {
    const std::lock_guard lock(self->mutex);
    self->asked.reset();
    self->next_probe = steady_clock::now() + self->interval;
    const bool announced = self->latest.has_value();
    // Not to be lost: what an earlier answer told that the loop has not taken yet.
    if (announced && !result.info) result.info = std::move(self->latest->info);
    self->latest = std::move(result);
    if (!announced) self->mailbox->Post([self] { Deliver(*self); });
  }

  static void Deliver(Shared& self) {
    std::optional<ProbeResult> result;
    {
      const std::lock_guard lock(self.mutex);
      result = std::exchange(self.latest, std::nullopt);
    }
    if (!self.closed && result) self.on_probe(*result);
  }

  CommandResult Do(const Job& task, Questions& questions) {
    if (task.work) {
      task.work(questions.link());
      return {.sent = true};
    }
    Asking(true);
    const CommandResult result = questions.Command(task.command, task.timeout);
    Asking(false);
    return result;
  }

  static void Run(const std::shared_ptr<Shared>& self, ProbeTarget target) {
    Questions questions(std::move(target));
    steady_clock::time_point last_info{};
    while (auto turn = self->Await(last_info)) {
      CommandResult result;
      if (turn->job) result = self->Do(*turn->job, questions);
      self->Asking(true);
      ProbeResult answer = turn->ping ? questions.Ping() : questions.Probe();
      if (answer.info) last_info = steady_clock::now();
      Publish(self, std::move(answer));
      if (!turn->job) continue;
      self->mailbox->Post([self, result, done = std::move(turn->job->done)] {
        if (!self->closed) done(result);
      });
    }
  }
};

Prober::Prober(const std::shared_ptr<Mailbox>& mailbox, ProbeTarget target, OnProbe on_probe)
    : shared_(std::make_shared<Shared>()) {
  shared_->mailbox = mailbox;
  shared_->on_probe = std::move(on_probe);
  std::thread(&Shared::Run, shared_, std::move(target)).detach();
}

Prober::~Prober() {
  shared_->closed = true;
  const std::lock_guard lock(shared_->mutex);
  shared_->stop = true;
  shared_->wake.notify_one();
}

void Prober::SetInterval(milliseconds interval) {
  const std::lock_guard lock(shared_->mutex);
  shared_->interval = interval;
  const auto sooner = steady_clock::now() + interval;
  if (sooner >= shared_->next_probe) return;
  shared_->next_probe = sooner;
  shared_->wake.notify_one();
}

void Prober::Send(std::vector<std::string> command, milliseconds timeout, OnDone done) {
  const std::lock_guard lock(shared_->mutex);
  shared_->job = Job{.command = std::move(command), .timeout = timeout, .done = std::move(done)};
  shared_->wake.notify_one();
}

void Prober::Run(std::function<void(EngineLink&)> work, OnDone done) {
  const std::lock_guard lock(shared_->mutex);
  shared_->job = Job{.work = std::move(work), .done = std::move(done)};
  shared_->wake.notify_one();
}

milliseconds Prober::Unanswered() const {
  const std::lock_guard lock(shared_->mutex);
  if (!shared_->asked) return milliseconds(0);
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - *shared_->asked);
}

}  // namespace cacheplane::agent
