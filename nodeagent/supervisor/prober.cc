#include "nodeagent/supervisor/prober.h"

#include <fmt/format.h>

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "cache-engine/drivers/engine_config.h"
#include "cache-engine/resp/client.h"

namespace cacheplane::agent {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Shorter than the detection time of a hung engine, so that an answer after a short stall is not missed.
constexpr milliseconds kProbeTimeout{1000};

// One connection, made anew when it is lost.
class Connection {
 public:
  explicit Connection(ProbeTarget target) : target_(std::move(target)) {}

  ProbeResult Probe() {
    if (const Status connected = Connect(); !connected.ok()) return {.problem = connected.error().message};
    const auto reply = Call({"INFO"}, kProbeTimeout);
    if (!reply.ok()) return {.problem = reply.error().message};
    if (reply->IsError()) return {.answered = true, .problem = reply->text};
    return Read(reply->text);
  }

  CommandResult Command(const std::vector<std::string>& command, milliseconds timeout) {
    if (const Status connected = Connect(); !connected.ok()) return {.status = connected};
    const auto reply = Call(command, timeout);
    if (!reply.ok()) return {.sent = true, .status = reply.error()};
    if (reply->IsError()) return {.sent = true, .refused = true, .status = Unavailable(reply->text)};
    return {.sent = true};
  }

 private:
  Status Connect() {
    if (client_) return {};
    CP_ASSIGN_OR_RETURN(client_, resp::Client::Connect(target_.address.host, target_.address.port, kProbeTimeout));
    const auto reply = Call({"AUTH", engine::kInternalUser, target_.password}, kProbeTimeout);
    if (!reply.ok()) return reply.error();
    if (!reply->IsError()) return {};
    client_.reset();
    return Unavailable(reply->text);
  }

  Result<resp::Value> Call(const std::vector<std::string>& command, milliseconds timeout) {
    auto reply = client_->Call(command, timeout);
    if (!reply.ok()) client_.reset();
    return reply;
  }

  ProbeResult Read(const std::string& text) {
    const std::string own = fmt::format("\nprocess_id:{}\r", target_.pid);
    if (text.find("\nprocess_id:") != std::string::npos && text.find(own) == std::string::npos) {
      client_.reset();
      return {.problem = fmt::format("another process answers at {}:{}", target_.address.host, target_.address.port)};
    }
    auto info = engine::ParseInfo(text);
    if (!info.ok()) return {.answered = true, .problem = info.error().message};
    return {.answered = true, .info = std::move(*info)};
  }

  const ProbeTarget target_;
  std::unique_ptr<resp::Client> client_;
};

struct Job {
  std::vector<std::string> command;
  milliseconds timeout;
  Prober::OnDone done;
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

  // Waits for the next thing to do: a job, a probe (nullopt), or false for the end.
  bool Await(std::optional<Job>& next) {
    std::unique_lock lock(mutex);
    while (!stop && !job && steady_clock::now() < next_probe) wake.wait_until(lock, next_probe);
    next = std::exchange(job, std::nullopt);
    return !stop;
  }

  static void Publish(const std::shared_ptr<Shared>& self, ProbeResult result) {
    const std::lock_guard lock(self->mutex);
    self->next_probe = steady_clock::now() + self->interval;
    const bool announced = std::exchange(self->latest, std::move(result)).has_value();
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

  static void Run(const std::shared_ptr<Shared>& self, ProbeTarget target) {
    Connection connection(std::move(target));
    for (std::optional<Job> next; self->Await(next);) {
      CommandResult result;
      if (next) result = connection.Command(next->command, next->timeout);
      Publish(self, connection.Probe());
      if (!next) continue;
      self->mailbox->Post([self, result, done = std::move(next->done)] {
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
  shared_->job = Job{std::move(command), timeout, std::move(done)};
  shared_->wake.notify_one();
}

}  // namespace cacheplane::agent
