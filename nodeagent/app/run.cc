#include "nodeagent/app/run.h"

#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <memory>
#include <utility>

#include "cache-engine/images/images.h"
#include "common/check.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/text.h"
#include "nodeagent/app/drills.h"
#include "nodeagent/app/leases.h"
#include "nodeagent/lease/lease_keeper.h"
#include "nodeagent/network/kernel_fence.h"
#include "nodeagent/session/publisher.h"
#include "nodeagent/session/session.h"
#include "nodeagent/supervisor/supervisor.h"

namespace cacheplane::agent {
namespace {

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

// Wires supervisor, session, publisher, lease keeper and drills together.
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
                  .assignments = [this](const AssignmentUpdate& update) { supervisor_.Apply(update); }}),
        publisher_(DoorOf(loop), {.current = [this] { return supervisor_.CurrentFacts(); },
                                  .writable = [this] { return session_.Writable(); },
                                  .send = [this](const Facts& facts) { session_.Send(facts); }}),
        keeper_(loop, *fence_, peers_,
                {.primaries = [this] { return supervisor_.OpenPrimaries(); },
                 .may_be_open = [this](const Address& address) { return supervisor_.MayBeOpen(address); },
                 .promising_epoch_of =
                     [this](const std::string& incarnation) { return supervisor_.PromisingEpochOf(incarnation); }},
                {.writable = [this] { return session_.Writable(); },
                 .ask = [this](std::uint64_t sequence) { session_.AskForLeases(sequence); }}),
        drills_(loop, pauses_, CutTable(options.home), supervisor_, session_, [this] { return peers_.address(); }) {}

  void Start() {
    pauses_.ContinueAll();
    supervisor_.Load();
    supervisor_.Resume();
    keeper_.Start();
    drills_.Resume();
    session_.Start();
  }

  void Stop() {
    session_.Close([this] { loop_.Stop(); });
    loop_.At(loop_.now() + std::chrono::milliseconds(500), [this] { loop_.Stop(); });
  }

 private:
  OpenHooks Hooks() {
    return {.may_open = [this](const Assignment& assignment) { return keeper_.MayOpen(assignment); },
            .closed = [this](const std::string& incarnation) { keeper_.Closed(incarnation); },
            .promised = [this](const std::string& incarnation) { return keeper_.Promised(incarnation); }};
  }

  Hello Greeting() {
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
  auto fence = MakeFence(options);
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

int Drain(const Options& options) {
  RaiseFileLimit();
  const SystemClock clock;
  EventLoop loop(clock);
  Home home(options.home);
  if (!LockHome(home)) return 1;
  Pauses(loop, home.paused()).ContinueAll();
  const auto supervisor = std::make_unique<Supervisor>(loop, home, SupervisorOptions(options, {}), [] {});
  supervisor->Load();
  supervisor->HoldEverything();
  const std::function<void()> look = [&] {
    if (!supervisor->AnyProcess()) return loop.Stop();
    loop.At(loop.now() + std::chrono::milliseconds(10), look);
  };
  look();
  if (supervisor->AnyProcess()) loop.Run();
  // Nothing is left that they could guard or cut off, and nobody here may have been allowed to make one.
  for (const Status& removed : {network::RemoveKernelFence(FenceTable(options.home)),
                                network::HostCut(CutTable(options.home), kAgentMark).Remove()}) {
    if (!removed.ok()) log::Debug("{}", removed.error().message);
  }
  const auto lost = supervisor->NotStoppedCleanly();
  if (!lost.empty()) log::Error("not stopped with their data saved: {}", Join(lost, ", "));
  log::Flush();
  std::_Exit(lost.empty() ? 0 : 1);
}

}  // namespace cacheplane::agent
