#include "nodeagent/app/run.h"

#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cache-engine/images/images.h"
#include "common/check.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/text.h"
#include "nodeagent/app/drills.h"
#include "nodeagent/app/leases.h"
#include "nodeagent/lease/lease_keeper.h"
#include "nodeagent/network/switch_notice.h"
#include "nodeagent/session/publisher.h"
#include "nodeagent/session/session.h"
#include "nodeagent/supervisor/supervisor.h"
#include "nodeagent/supervisor/trials.h"

namespace cacheplane::agent {
namespace {

// Writes of the clients wait for it. A router takes a millisecond or two; one that does not answer is told by the
// control plane.
constexpr std::chrono::milliseconds kRoutersWithin{50};

// Before any thread is made: all of them inherit the mask, and the loop reads the signals.
int BlockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  CP_CHECK(pthread_sigmask(SIG_BLOCK, &signals, nullptr) == 0);
  const int fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
  CP_CHECK(fd >= 0);
  return fd;
}

// Each engine takes some descriptors here, and the usual limit is meant for programs that use select().
void RaiseFileLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) log::Warn("the limit of open files stays: {}", std::strerror(errno));
}

Supervisor::Options SupervisorOptions(const Options& options, OpenHooks hooks) {
  return {.images = options.images,
          .launcher = options.cache_engine,
          .uid_base = geteuid() == 0 ? options.uid_base : 0,
          .hooks = std::move(hooks)};
}

Trials::Options TrialOptions(const Options& options) {
  return {
      .images = options.images, .launcher = options.cache_engine, .uid_base = geteuid() == 0 ? options.uid_base : 0};
}

Hello MakeHello(const Options& options) {
  Hello hello{.agent = options.name,
              .zone = options.zone,
              .memory_bytes = options.memory_bytes,
              .images = {},
              .version = CACHEPLANE_VERSION};
  for (const images::Image& image : images::ListImages(options.images)) {
    hello.images.push_back({image.engine, image.full_version});
  }
  return hello;
}

LoopDoor DoorOf(EventLoop& loop) {
  return {.post = [mailbox = loop.mailbox()](Task task) { mailbox->Post(std::move(task)); },
          .after = [&loop](std::chrono::milliseconds delay,
                           Task task) { return loop.At(loop.now() + delay, std::move(task)); },
          .cancel = [&loop](EventLoop::Id timer) { loop.Cancel(timer); }};
}

// Wires supervisor, session, publisher, lease keeper, drills and trials together.
class Agent {
 public:
  Agent(EventLoop& loop, Home& home, std::unique_ptr<network::Fence> fence, const Options& options)
      : loop_(loop),
        options_(options),
        fence_(std::move(fence)),
        peers_(loop, options.token_file),
        pauses_(loop, home.paused()),
        supervisor_(loop, home, SupervisorOptions(options, Hooks()), [this] { publisher_.Publish(); }),
        session_(DoorOf(loop), {options.control_plane, options.token_file},
                 {.hello = [this] { return Greeting(); },
                  .opened = [this] { publisher_.OnOpened(); },
                  .writable = [this] { OnWritable(); },
                  .lease = [this](const LeaseGrant& grant) { keeper_.Take(grant); },
                  .drill = [this](const Drill& drill) { drills_.Begin(drill); },
                  .trial = [this](const Trial& trial) { trials_.Begin(trial); },
                  .assignments = [this](const AssignmentUpdate& update) { supervisor_.Apply(update); }}),
        publisher_(DoorOf(loop), {.current = [this] { return supervisor_.CurrentFacts(); },
                                  .take_changed = [this] { return supervisor_.TakeChangedFacts(); },
                                  .writable = [this] { return session_.Writable(); },
                                  .send = [this](const Facts& facts) { session_.Send(facts); }}),
        keeper_(loop, *fence_, peers_,
                {.primaries = [this] { return supervisor_.OpenPrimaries(); },
                 .may_be_open = [this](const Address& address) { return supervisor_.MayBeOpen(address); },
                 .process_at = [this](const Address& address) { return supervisor_.ProcessAt(address); },
                 .promising_epoch_of =
                     [this](const std::string& incarnation) { return supervisor_.PromisingEpochOf(incarnation); },
                 .promised = [this](const std::string& incarnation) { supervisor_.TellOf(incarnation); }},
                {.writable = [this] { return session_.Writable(); },
                 .ask = [this](std::uint64_t sequence) { session_.AskForLeases(sequence); }}),
        drills_(loop, pauses_, CutTable(options.home), supervisor_, session_, [this] { return peers_.address(); }),
        trials_(loop, home, TrialOptions(options),
                [this](std::uint64_t id, const Verdict& verdict) { session_.AnswerTrial(id, verdict); }) {}

  void Start() {
    pauses_.ContinueAll();
    trials_.RemoveLeftovers();
    supervisor_.Load();
    supervisor_.Resume();
    keeper_.Start();
    drills_.Resume();
    session_.Start();
  }

  void Stop() {
    trials_.Forget();
    trials_.RemoveLeftovers();
    session_.Close([this] { loop_.Stop(); });
    loop_.At(loop_.now() + std::chrono::milliseconds(500), [this] { loop_.Stop(); });
  }

 private:
  OpenHooks Hooks() {
    return {.may_open = [this](const Assignment& assignment) { return keeper_.MayOpen(assignment); },
            .closed = [this](const std::string& incarnation) { keeper_.Closed(incarnation); },
            .lead =
                [token_file = options_.token_file](const std::vector<std::string>& routers, const Address& successor,
                                                   std::uint64_t epoch) {
                  const network::SocketAddress target{successor.host, static_cast<std::uint16_t>(successor.port)};
                  network::TellRouters(routers, {target, epoch}, token_file, kRoutersWithin);
                },
            .promised = [this](const std::string& incarnation) { return keeper_.Promised(incarnation); }};
  }

  Hello Greeting() {
    trials_.Forget();  // the session that they came by has ended
    if (const Status bound = BindPromiseSocket(peers_, options_); !bound.ok()) {
      log::Warn("other agents cannot ask this one for promises: {}", bound.error().message);
    }
    Hello hello = MakeHello(options_);
    hello.fence = options_.unsafe ? "kernel" : fence_->kind();
    hello.peer_address = peers_.address();
    return hello;
  }

  // The lease first: facts can wait for a moment.
  void OnWritable() {
    keeper_.OnWritable();
    publisher_.Publish();
  }

  EventLoop& loop_;
  const Options options_;
  const std::unique_ptr<network::Fence> fence_;
  PromiseSocket peers_;
  Pauses pauses_;
  Supervisor supervisor_;
  Session session_;
  Publisher publisher_;
  LeaseKeeper keeper_;
  Drills drills_;
  Trials trials_;
};

bool LockHome(Home& home) {
  const Status locked = home.Lock();
  if (!locked.ok()) log::Error("{}", locked.error().message);
  return locked.ok();
}

}  // namespace

int RunAgent(const Options& options) {
  RaiseFileLimit();
  const int signals = BlockStopSignals();
  const SystemClock clock;
  EventLoop loop(clock);
  Home home(options.home);
  if (!LockHome(home)) return 1;
  auto fence = MakeFence(options, loop);
  if (!fence.ok()) {
    log::Error("{}", fence.error().message);
    return 1;
  }
  Agent agent(loop, home, std::move(*fence), options);
  loop.Watch(signals, [&] {
    signalfd_siginfo info{};
    if (read(signals, &info, sizeof info) == sizeof info) agent.Stop();
  });
  log::Info("agent {} in {}, home {}", options.name, options.zone, options.home.string());
  agent.Start();
  loop.Run();
  log::Info("agent {} ends; its engines go on", options.name);
  log::Flush();
  // Threads that wait for an answer of a hung engine may be left: nothing they could use is torn down under them.
  std::_Exit(0);
}

namespace {

// Stops all engines of a home. Nobody renews the leases of those that a guard guards: an open one is closed, and
// unguarded, before it saves.
class Drainage {
 public:
  Drainage(EventLoop& loop, Home& home, const Options& options)
      : loop_(loop),
        guard_(FindGuard(options, loop)),
        supervisor_(loop, home, SupervisorOptions(options, {.closed = [this](const std::string&) { Release(); }}),
                    [] {}) {}

  void Run() {
    supervisor_.Load();
    supervisor_.HoldEverything(/*close_first=*/guard_ != nullptr);
    Look();
    if (supervisor_.AnyProcess()) loop_.Run();
  }

  // Nodes that have not saved, though nothing ended them before they could.
  std::vector<std::string> Lost() {
    Release();
    std::vector<std::string> lost;
    for (const auto& [name, address] : supervisor_.NotStoppedCleanly()) {
      const bool overtaken = overtaken_.contains({address.host, static_cast<std::uint16_t>(address.port)});
      if (overtaken) log::Warn("{}: its lease ended before it could save; the shard's other nodes have its data", name);
      if (!overtaken) lost.push_back(name);
    }
    return lost;
  }

 private:
  void Look() {
    if (!supervisor_.AnyProcess()) return loop_.Stop();
    Release();
    loop_.At(loop_.now() + std::chrono::milliseconds(10), [this] { Look(); });
  }

  void Release() {
    if (guard_) overtaken_.merge(UnguardClosed(*guard_, supervisor_));
  }

  EventLoop& loop_;
  const std::unique_ptr<network::Fence> guard_;  // null: none runs
  Supervisor supervisor_;
  std::set<network::SocketAddress> overtaken_;
};

}  // namespace

int Drain(const Options& options) {
  RaiseFileLimit();
  const SystemClock clock;
  EventLoop loop(clock);
  Home home(options.home);
  if (!LockHome(home)) return 1;
  Pauses(loop, home.paused()).ContinueAll();
  Trials(loop, home, TrialOptions(options), {}).RemoveLeftovers();
  const auto drainage = std::make_unique<Drainage>(loop, home, options);
  drainage->Run();
  const auto lost = drainage->Lost();
  RemoveFences(options);
  if (!lost.empty()) log::Error("not stopped with their data saved: {}", Join(lost, ", "));
  log::Flush();
  std::_Exit(lost.empty() ? 0 : 1);
}

}  // namespace cacheplane::agent
