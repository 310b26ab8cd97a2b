#include "nodeagent/app/run.h"

#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <memory>

#include "cache-engine/images/images.h"
#include "common/check.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/text.h"
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

Supervisor::Options SupervisorOptions(const Options& options) {
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

// Wires supervisor, session and publisher together.
class Agent {
 public:
  Agent(EventLoop& loop, Home& home, const Options& options)
      : loop_(loop),
        supervisor_(loop, home, SupervisorOptions(options), [this] { publisher_.Publish(); }),
        session_(DoorOf(loop), {options.control_plane, options.token_file},
                 {.hello = [options] { return MakeHello(options); },
                  .opened = [this] { publisher_.OnOpened(); },
                  .writable = [this] { publisher_.Publish(); },
                  .assignments = [this](const AssignmentUpdate& update) { supervisor_.Apply(update); }}),
        publisher_(DoorOf(loop), {.current = [this] { return supervisor_.CurrentFacts(); },
                                  .writable = [this] { return session_.Writable(); },
                                  .send = [this](const Facts& facts) { session_.Send(facts); }}) {}

  void Start() {
    supervisor_.Load();
    supervisor_.Resume();
    session_.Start();
  }

  void Stop() {
    session_.Close([this] { loop_.Stop(); });
    loop_.At(loop_.now() + std::chrono::milliseconds(500), [this] { loop_.Stop(); });
  }

 private:
  EventLoop& loop_;
  Supervisor supervisor_;
  Session session_;
  Publisher publisher_;
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
  Agent agent(loop, home, options);
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
  const auto supervisor = std::make_unique<Supervisor>(loop, home, SupervisorOptions(options), [] {});
  supervisor->Load();
  supervisor->HoldEverything();
  const std::function<void()> look = [&] {
    if (!supervisor->AnyProcess()) return loop.Stop();
    loop.At(loop.now() + std::chrono::milliseconds(10), look);
  };
  look();
  if (supervisor->AnyProcess()) loop.Run();
  const auto lost = supervisor->NotStoppedCleanly();
  if (!lost.empty()) log::Error("not stopped with their data saved: {}", Join(lost, ", "));
  log::Flush();
  std::_Exit(lost.empty() ? 0 : 1);
}

}  // namespace cacheplane::agent
