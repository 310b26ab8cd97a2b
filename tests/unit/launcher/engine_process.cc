#include "tests/unit/launcher/engine_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "cache-engine/catalog/catalog.h"
#include "common/file.h"

namespace cacheplane::launcher {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

// Out of 127.21.0.0/16, from the random part of the workspace's name: programs can run at the same time.
std::string AddressFor(const fs::path& root) {
  const std::size_t number = std::hash<std::string>()(root.string());
  return fmt::format("127.21.{}.{}", number / 250 % 250 + 1, number % 250 + 1);
}

std::unique_ptr<resp::Client> TryPing(const Spec& spec, const std::string& password) {
  auto client = resp::Client::Connect(spec.config.listen.address, spec.config.listen.port, 1s);
  if (!client.ok()) return nullptr;
  if (!password.empty()) {
    const auto reply = (*client)->Call({"AUTH", engine::kInternalUser, password}, 1s);
    if (!reply.ok() || reply->IsError()) return nullptr;
  }
  const auto pong = (*client)->Call({"PING"}, 1s);
  return pong.ok() && pong->text == "PONG" ? std::move(*client) : nullptr;
}

}  // namespace

bool WaitUntil(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

std::vector<images::Image> UsableImages() {
  std::vector<images::Image> usable;
  for (const images::Image& image : images::ListImages(images::DefaultRoot())) {
    const std::string minor = catalog::MinorOf(image.full_version);
    if (catalog::FindEngineVersion(image.engine, minor) != nullptr) usable.push_back(image);
  }
  return usable;
}

std::string HowToMakeImages() {
  return "no engine image under " + images::DefaultRoot().string() + "; make one with: deploy/engine-image valkey 8.0";
}

Workspace::Workspace() {
  std::string pattern = (fs::temp_directory_path() / "launch-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) ADD_FAILURE() << "cannot make a temporary directory";
  root_ = pattern;
  fs::create_directory(root_ / "data");
}

Workspace::~Workspace() { fs::remove_all(root_); }

Spec Workspace::SpecFor(const images::Image& image) const {
  const std::string minor = catalog::MinorOf(image.full_version);
  const catalog::EngineVersion* version = catalog::FindEngineVersion(image.engine, minor);
  Spec spec;
  spec.config.engine = image.engine;
  spec.config.full_version = image.full_version;
  spec.config.family = version == nullptr ? "" : version->family;
  spec.config.listen = {AddressFor(root_), 16379};
  spec.config.node_memory_bytes = 512 << 20;
  spec.config.internal_password = "correct-horse-battery";
  spec.image_directory = image.directory;
  spec.data_directory = root_ / "data";
  spec.log_file = root_ / "engine.log";
  spec.uid = geteuid() == 0 ? 70001 : 0;
  spec.max_open_files = 4096;
  return spec;
}

fs::path Workspace::Write(const Spec& spec) const {
  const Status written = ReplaceFile(root_ / "launch.json", ToJson(spec));
  if (!written.ok()) ADD_FAILURE() << written.error().message;
  return root_ / "launch.json";
}

std::string Workspace::Log() const {
  const auto log = ReadFile(root_ / "engine.log");
  return log.ok() ? *log : log.error().message;
}

EngineProcess::EngineProcess(const fs::path& spec_file, bool check_only)
    : stderr_(memfd_create("stderr", MFD_CLOEXEC)) {
  std::string program = CACHE_ENGINE_PROGRAM, spec = "--spec", file = spec_file.string(), check = "--check";
  char* const arguments[] = {program.data(), spec.data(), file.data(), check_only ? check.data() : nullptr, nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, stderr_, STDERR_FILENO);
  posix_spawn_file_actions_adddup2(&actions, stderr_, 77);
  const int error = posix_spawn(&pid_, program.c_str(), &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) ADD_FAILURE() << "cannot start " << program;
}

EngineProcess::~EngineProcess() {
  close(stderr_);
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void EngineProcess::Signal(int signal) const { kill(pid_, signal); }

int EngineProcess::WaitForExit() {
  int status = 0;
  if (!WaitUntil([&] { return waitpid(pid_, &status, WNOHANG) == pid_; })) return -1;
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string EngineProcess::StandardError() const {
  std::string text(64 << 10, '\0');
  const ssize_t size = pread(stderr_, text.data(), text.size(), 0);
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return text;
}

std::unique_ptr<resp::Client> ConnectWhenReady(const Spec& spec, const std::string& password) {
  std::unique_ptr<resp::Client> client;
  WaitUntil([&] { return (client = TryPing(spec, password)) != nullptr; });
  return client;
}

}  // namespace cacheplane::launcher
