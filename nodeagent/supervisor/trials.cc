#include "nodeagent/supervisor/trials.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <optional>
#include <system_error>
#include <utility>

#include "cache-engine/images/images.h"
#include "common/file.h"
#include "common/log.h"
#include "common/random_id.h"
#include "nodeagent/supervisor/exit_watch.h"
#include "nodeagent/supervisor/proc.h"
#include "nodeagent/supervisor/spawn.h"

namespace cacheplane::agent {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr milliseconds kLookEvery{3};
constexpr char kSocket[] = "engine.sock";
constexpr std::size_t kLogTail = 4096;

fs::path DataOf(const Home& home) { return home.trial() / "data"; }
fs::path SpecOf(const Home& home) { return home.trial() / "launch.json"; }
fs::path LogOf(const Home& home) { return home.trial() / "engine.log"; }

// Through a descriptor of its directory: a home's path may be longer than a socket's may be. -1: nobody listens yet.
int Connect(int directory) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto end =
      fmt::format_to_n(address.sun_path, sizeof address.sun_path - 1, "/proc/self/fd/{}/{}", directory, kSocket);
  *end.out = '\0';
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  close(fd);
  return -1;
}

std::string TailOf(const fs::path& log) {
  const auto text = ReadFile(log);
  if (!text.ok()) return "";
  return text->size() <= kLogTail ? *text : text->substr(text->size() - kLogTail);
}

Status MakeDirectories(const Home& home) {
  std::error_code error;
  fs::create_directories(DataOf(home), error);
  if (!error) fs::permissions(home.trial(), fs::perms::owner_all, error);
  if (error) return Internal(fmt::format("make {}: {}", DataOf(home).string(), error.message()));
  return {};
}

}  // namespace

struct Trials::Running {
  EventLoop& loop;
  Trial trial;
  bool told = true;  // somebody waits for its verdict
  std::optional<Verdict> verdict{};
  std::unique_ptr<ExitWatch> exit{};
  EventLoop::Id deadline = 0;
  EventLoop::Id look = 0;
  EventLoop::Id hear = 0;
  int directory = -1;
  int socket = -1;

  ~Running() {
    loop.Cancel(deadline);
    loop.Cancel(look);
    HangUp();
    if (directory >= 0) close(directory);
  }

  void HangUp() {
    if (socket < 0) return;
    loop.Unwatch(hear);
    close(std::exchange(socket, -1));
  }
};

Trials::Trials(EventLoop& loop, Home& home, Options options, std::function<void(std::uint64_t, const Verdict&)> told)
    : loop_(loop), home_(home), options_(std::move(options)), told_(std::move(told)) {}

Trials::~Trials() {
  if (!running_) return;
  running_.reset();
  RemoveLeftovers();
}

void Trials::Begin(const Trial& trial) {
  queue_.push_back({trial, loop_.now()});
  if (!running_) BeginNext();
}

void Trials::Forget() {
  queue_.clear();
  if (!running_) return;
  running_->told = false;
  Settle({});
}

void Trials::RemoveLeftovers() {
  EngineIdentity identity{.data_directory = DataOf(home_),
                          .spec_file = SpecOf(home_),
                          .image_roots = {options_.images},
                          .launcher = options_.launcher};
  // An earlier agent may have had its images elsewhere.
  const auto text = ReadFile(SpecOf(home_));
  const auto spec = text.ok() ? launcher::ParseSpec(*text) : Result<launcher::Spec>(text.error());
  if (spec.ok()) identity.image_roots.emplace_back(spec->image_directory);
  for (const ProcessId& process : FindProcesses(identity)) {
    log::Warn("ending process {}, left over from a trial of parameters", process.pid);
    kill(process.pid, SIGKILL);
  }
  Remove();
}

void Trials::BeginNext() {
  while (!running_ && !queue_.empty()) {
    const Waiting next = std::move(queue_.front());
    queue_.pop_front();
    if (loop_.now() - next.since > options_.longest_wait) {
      told_(next.trial.id, {.problem = "it is busy with other trials"});
      continue;
    }
    running_.reset(new Running{.loop = loop_, .trial = next.trial});
    if (const Status started = Start(next.trial); !started.ok()) Finish({.problem = started.error().message});
  }
}

Status Trials::Start(const Trial& trial) {
  Remove();
  CP_RETURN_IF_ERROR(MakeDirectories(home_));
  CP_ASSIGN_OR_RETURN(const launcher::Spec spec, MakeSpec(trial));
  CP_RETURN_IF_ERROR(PlaceFile(SpecOf(home_), launcher::ToJson(spec)));
  running_->directory = open(DataOf(home_).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (running_->directory < 0) return Internal("its directory cannot be opened");
  CP_ASSIGN_OR_RETURN(const pid_t pid, SpawnEngine(options_.launcher, SpecOf(home_), LogOf(home_)));
  if (const Status watched = Watch(pid); !watched.ok()) {
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    return watched;
  }
  running_->deadline = loop_.At(loop_.now() + options_.patience, [this] {
    Settle({.refusal = fmt::format("it neither answered nor ended within {} ms", options_.patience.count())});
  });
  Look();
  return {};
}

Result<launcher::Spec> Trials::MakeSpec(const Trial& trial) {
  CP_ASSIGN_OR_RETURN(const images::Image image,
                      images::FindImage(options_.images, trial.engine, trial.engine_version));
  launcher::Spec spec;
  spec.config = {.engine = trial.engine,
                 .full_version = trial.engine_version,
                 .family = trial.family,
                 .listen = {"127.0.0.1", 6379},
                 .primary = std::nullopt,
                 .node_memory_bytes = trial.node_memory_bytes,
                 .parameters = trial.parameters,
                 .internal_password = RandomHex(16),
                 .unix_socket = kSocket};
  spec.image_directory = fs::absolute(image.directory).string();
  spec.data_directory = DataOf(home_).string();
  spec.log_file = LogOf(home_).string();
  spec.uid = Uid();
  const auto config = engine::RenderConfig(spec.config);
  if (!config.ok()) return config.error();
  return spec;
}

Status Trials::Watch(pid_t pid) {
  const auto stat = ReadProcessStat(pid);
  if (!stat) return Internal(fmt::format("process {} cannot be seen in /proc", pid));
  const auto gone = [this](const ExitStatus& status) {
    const TrialEnd end{.signal = status.signal, .code = status.code};
    Finish(running_->verdict ? *running_->verdict : JudgeEnd(end, TailOf(LogOf(home_))));
    BeginNext();
  };
  CP_ASSIGN_OR_RETURN(running_->exit,
                      ExitWatch::Open(loop_, {pid, stat->start_time}, /*child=*/true, {.ending = [] {}, .gone = gone}));
  return {};
}

void Trials::Look() {
  running_->look = 0;
  running_->socket = Connect(running_->directory);
  constexpr std::string_view kPing = "PING\r\n";
  if (running_->socket >= 0 && send(running_->socket, kPing.data(), kPing.size(), MSG_NOSIGNAL) > 0) {
    running_->hear = loop_.Watch(running_->socket, [this] { Hear(); });
    return;
  }
  if (running_->socket >= 0) close(std::exchange(running_->socket, -1));
  running_->look = loop_.At(loop_.now() + kLookEvery, [this] { Look(); });
}

// Whatever it answers, it came up.
void Trials::Hear() {
  char answer[64];
  const bool answered = recv(running_->socket, answer, sizeof answer, 0) > 0;
  running_->HangUp();
  if (answered) return Settle({});
  running_->look = loop_.At(loop_.now() + kLookEvery, [this] { Look(); });
}

// What there was to be seen was seen: it is told once the process is gone.
void Trials::Settle(const Verdict& verdict) {
  if (!running_->verdict) running_->verdict = verdict;
  running_->HangUp();
  loop_.Cancel(std::exchange(running_->look, 0));
  loop_.Cancel(std::exchange(running_->deadline, 0));
  running_->exit->Kill();
}

void Trials::Finish(const Verdict& verdict) {
  const std::unique_ptr<Running> ended = std::move(running_);
  Remove();
  if (!ended->told) return;
  const Trial& trial = ended->trial;
  log::Info("trial of parameters with {} {}: {}{}", trial.engine, trial.engine_version,
            verdict == Verdict{} ? "taken" : verdict.refusal, verdict.problem);
  told_(trial.id, verdict);
}

void Trials::Remove() const {
  std::error_code error;
  fs::remove_all(home_.trial(), error);
  if (error) log::Warn("remove {}: {}", home_.trial().string(), error.message());
}

std::uint32_t Trials::Uid() {
  if (uid_ == 0 && options_.uid_base != 0) {
    uid_ = home_.FreeUid(options_.uid_base);
    home_.SetAside(uid_);
  }
  return uid_;
}

}  // namespace cacheplane::agent
