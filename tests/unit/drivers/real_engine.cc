#include "tests/unit/drivers/real_engine.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "cache-engine/catalog/catalog.h"
#include "common/check.h"
#include "common/file.h"

namespace cacheplane::engine {
namespace {

constexpr uid_t kNobody = 65534;

resp::Value AsError(const Error& error) { return {.kind = resp::Value::Kind::kError, .text = error.message}; }

std::filesystem::path MakeDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "cacheplane-engine-XXXXXX").string();
  CP_CHECK(mkdtemp(name.data()) != nullptr);
  if (geteuid() == 0) CP_CHECK(chown(name.c_str(), kNobody, kNobody) == 0);
  return name;
}

// Between fork and exec: only what is safe there.
[[noreturn]] void BecomeEngine(const char* server, const char* directory, int config) {
  setpgid(0, 0);  // so that a saving child of the engine can be killed with it
  if (geteuid() == 0 && (setresgid(kNobody, kNobody, kNobody) != 0 || setresuid(kNobody, kNobody, kNobody) != 0))
    _exit(126);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (chdir(directory) != 0) _exit(126);
  const int log = open("log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  dup2(config, 0);
  dup2(log, 1);
  dup2(log, 2);
  const char* arguments[] = {server, "-", nullptr};
  const char* environment[] = {"LC_ALL=C", nullptr};
  execve(server, const_cast<char**>(arguments), const_cast<char**>(environment));
  _exit(127);
}

}  // namespace

std::string TestName(const TestImage& image) {
  std::string name = image.engine + "_" + image.full_version;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

void PrintTo(const TestImage& image, std::ostream* out) { *out << TestName(image); }

std::filesystem::path ImagesRoot() {
  if (const char* root = std::getenv("CACHEPLANE_IMAGES")) return root;
  if (geteuid() == 0) return "/var/cache/cacheplane/images";
  const char* home = std::getenv("CACHEPLANE_HOME");
  return std::filesystem::path(home != nullptr ? home : ".cacheplane") / "images";
}

std::vector<TestImage> TestImages() {
  std::vector<TestImage> images;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(ImagesRoot(), none)) {
    const std::string name = entry.path().filename().string();
    const std::size_t dash = name.find('-');
    if (dash == std::string::npos) continue;
    const TestImage image{name.substr(0, dash), name.substr(dash + 1),
                          entry.path() / "bin" / (name.substr(0, dash) + "-server")};
    const bool known = catalog::FindEngineVersion(image.engine, catalog::MinorOf(image.full_version)) != nullptr;
    if (known && std::filesystem::exists(image.server)) images.push_back(image);
  }
  return images;
}

ConfigRequest RequestFor(const TestImage& image, int host) {
  ConfigRequest request;
  request.engine = image.engine;
  request.full_version = image.full_version;
  request.family = catalog::FindEngineVersion(image.engine, catalog::MinorOf(image.full_version))->family;
  request.listen = {fmt::format("127.22.{}.{}", getpid() % 250 + 1, host), 6379};
  request.node_memory_bytes = 64 << 20;
  request.internal_password = "a \"quoted\" \\ secret #1";
  return request;
}

RealEngine::RealEngine(const TestImage& image, const ConfigRequest& request)
    : request_(request), directory_(MakeDirectory()) {
  const auto config = RenderConfig(request);
  EXPECT_TRUE(config.ok()) << config.error().message;
  if (config.ok()) Start(image, *config);
}

RealEngine::~RealEngine() {
  if (pid_ > 0) {
    kill(-pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  std::filesystem::remove_all(directory_);
}

void RealEngine::Start(const TestImage& image, const std::string& config) {
  const int file = memfd_create("config", MFD_CLOEXEC);
  CP_CHECK(file >= 0 && write(file, config.data(), config.size()) == static_cast<ssize_t>(config.size()));
  CP_CHECK(lseek(file, 0, SEEK_SET) == 0);
  pid_ = fork();
  CP_CHECK(pid_ >= 0);
  if (pid_ > 0) setpgid(pid_, pid_);  // whichever of the two comes first
  if (pid_ == 0) BecomeEngine(image.server.c_str(), directory_.c_str(), file);
  close(file);
}

bool RealEngine::Listens() {
  return Eventually([&] {
           if (pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
           return pid_ < 0 || !Anybody({"PING"}).IsError();
         }) &&
         pid_ > 0;
}

std::string RealEngine::Log() const {
  const auto text = ReadFile(directory_ / "log");
  return text.ok() ? *text : text.error().message;
}

resp::Client* RealEngine::Connected(std::unique_ptr<resp::Client>& client, bool internal) {
  if (client != nullptr) return client.get();
  auto fresh = resp::Client::Connect(request_.listen.address, request_.listen.port, kAnswerTime);
  if (!fresh.ok()) return nullptr;
  client = std::move(fresh.value());
  if (internal) {
    EXPECT_EQ(client->Call({"AUTH", kInternalUser, request_.internal_password}, kAnswerTime)->text, "OK");
  }
  return client.get();
}

resp::Value RealEngine::Anybody(const std::vector<std::string>& command) {
  resp::Client* client = Connected(anybody_, false);
  if (client == nullptr) return AsError(Unavailable("cannot connect"));
  auto answer = client->Call(command, kAnswerTime);
  if (!answer.ok()) anybody_.reset();
  return answer.ok() ? *answer : AsError(answer.error());
}

resp::Value RealEngine::Internal(const std::vector<std::string>& command) {
  resp::Client* client = Connected(internal_, true);
  if (client == nullptr) return AsError(Unavailable("cannot connect"));
  auto answer = client->Call(command, kAnswerTime);
  if (!answer.ok()) internal_.reset();
  return answer.ok() ? *answer : AsError(answer.error());
}

EngineInfo RealEngine::Info() {
  const auto info = ParseInfo(Internal({"INFO"}).text);
  EXPECT_TRUE(info.ok()) << info.error().message;
  return info.ok() ? *info : EngineInfo();
}

bool Eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (std::chrono::steady_clock::now() < deadline) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return condition();
}

}  // namespace cacheplane::engine
