// Real engines through `cache-engine`: who they are, what they may do, what can be seen of their secrets.
#include "cache-engine/launcher/launch.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "cache-engine/images/images.h"
#include "common/file.h"
#include "common/text.h"
#include "tests/unit/launcher/engine_process.h"

namespace cacheplane::launcher {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

class Launch : public ::testing::Test {
 protected:
  void SetUp() override {
    images_ = UsableImages();
    ASSERT_FALSE(images_.empty()) << HowToMakeImages();
    spec_ = workspace_.SpecFor(images_.back());
  }

  // Exit code of a run that does not become an engine, and what it said.
  std::pair<int, std::string> Refused(bool check_only = true) {
    EngineProcess process(workspace_.Write(spec_), check_only);
    const int code = process.WaitForExit();
    return {code, process.StandardError()};
  }

  std::vector<images::Image> images_;
  Workspace workspace_;
  Spec spec_;
};

int CodeOf(Exit exit) { return static_cast<int>(exit); }

std::string Proc(pid_t pid, const std::string& file) {
  const auto text = ReadFile(fmt::format("/proc/{}/{}", pid, file));
  return text.ok() ? *text : text.error().message;
}

// The value of a line such as "NoNewPrivs:\t1" of /proc/<pid>/status.
std::string StatusLine(pid_t pid, const std::string& name) {
  for (const std::string& line : Split(Proc(pid, "status"), '\n')) {
    if (line.starts_with(name + ":")) return std::string(Trim(line.substr(name.size() + 1)));
  }
  return "no line " + name;
}

std::string Limit(pid_t pid, const std::string& name) {
  for (const std::string& line : Split(Proc(pid, "limits"), '\n')) {
    if (line.starts_with(name)) return Split(std::string(Trim(line.substr(name.size()))), ' ').front();
  }
  return "no limit " + name;
}

TEST_F(Launch, EveryImageAnswersAsTheVersionItIs) {
  for (const images::Image& image : images_) {
    SCOPED_TRACE(image.directory.string());
    const Workspace workspace;
    const Spec spec = workspace.SpecFor(image);
    const EngineProcess process(workspace.Write(spec));
    const auto client = ConnectWhenReady(spec, spec.config.internal_password);
    ASSERT_NE(client, nullptr) << process.StandardError() << workspace.Log();
    const auto info = client->Call({"INFO", "server"}, 1s);
    ASSERT_TRUE(info.ok());
    EXPECT_NE(info->text.find(image.engine + "_version:" + image.full_version), std::string::npos) << info->text;
  }
}

TEST_F(Launch, EngineHasNoPrivilegesAndNoWayBackToThem) {
  const EngineProcess process(workspace_.Write(spec_));
  ASSERT_NE(ConnectWhenReady(spec_, spec_.config.internal_password), nullptr) << workspace_.Log();
  const std::string user = std::to_string(geteuid() == 0 ? spec_.uid : geteuid());
  const std::string group = std::to_string(geteuid() == 0 ? spec_.uid : getegid());
  EXPECT_EQ(StatusLine(process.pid(), "Uid"), fmt::format("{0}\t{0}\t{0}\t{0}", user));
  EXPECT_EQ(StatusLine(process.pid(), "Gid"), fmt::format("{0}\t{0}\t{0}\t{0}", group));
  if (geteuid() == 0) {
    EXPECT_EQ(StatusLine(process.pid(), "Groups"), "");
  }
  EXPECT_EQ(StatusLine(process.pid(), "NoNewPrivs"), "1");
  for (const char* set : {"CapEff", "CapPrm", "CapAmb"}) EXPECT_EQ(StatusLine(process.pid(), set), "0000000000000000");
  EXPECT_EQ(StatusLine(process.pid(), "Umask"), "0077");
  EXPECT_EQ(getsid(process.pid()), process.pid());
}

TEST_F(Launch, EngineHasItsLimitsAndNoForeignDescriptor) {
  const EngineProcess process(workspace_.Write(spec_));
  ASSERT_NE(ConnectWhenReady(spec_, spec_.config.internal_password), nullptr) << workspace_.Log();
  EXPECT_EQ(Limit(process.pid(), "Max open files"), "4096");
  EXPECT_EQ(Limit(process.pid(), "Max core file size"), "0");
  EXPECT_FALSE(fs::exists(fmt::format("/proc/{}/fd/77", process.pid())));
}

TEST_F(Launch, ProcessIsTheEngineOfTheImageInItsDataDirectory) {
  const EngineProcess process(workspace_.Write(spec_));
  ASSERT_NE(ConnectWhenReady(spec_, spec_.config.internal_password), nullptr) << workspace_.Log();
  const fs::path proc = fmt::format("/proc/{}", process.pid());
  EXPECT_EQ(fs::read_symlink(proc / "exe").string(), images_.back().Server());
  EXPECT_EQ(Proc(process.pid(), "comm"), images_.back().Server().filename().string() + "\n");
  EXPECT_EQ(fs::read_symlink(proc / "cwd"), workspace_.root() / "data");
  struct stat data {};
  ASSERT_EQ(stat((workspace_.root() / "data").c_str(), &data), 0);
  EXPECT_EQ(data.st_mode & 07777, 0700u);
  if (geteuid() == 0) {
    EXPECT_EQ(data.st_uid, spec_.uid);
  }
}

TEST_F(Launch, PasswordIsNowhereToBeSeen) {
  const EngineProcess process(workspace_.Write(spec_));
  ASSERT_NE(ConnectWhenReady(spec_, spec_.config.internal_password), nullptr) << workspace_.Log();
  for (const std::string& seen : {Proc(process.pid(), "cmdline"), Proc(process.pid(), "environ"), workspace_.Log()}) {
    EXPECT_EQ(seen.find(spec_.config.internal_password), std::string::npos) << seen;
  }
  // The pipe that it came through has been read to its end.
  EXPECT_EQ(Proc(process.pid(), "fd/0"), "");
  EXPECT_EQ(Proc(process.pid(), "environ").find("HOME="), std::string::npos);
  for (const auto& file : fs::directory_iterator(workspace_.root() / "data")) {
    EXPECT_EQ(ReadFile(file.path())->find(spec_.config.internal_password), std::string::npos) << file.path();
  }
}

TEST_F(Launch, EngineSavesIntoADirectoryBelowAClosedOne) {
  const EngineProcess process(workspace_.Write(spec_));
  const auto client = ConnectWhenReady(spec_, spec_.config.internal_password);
  ASSERT_NE(client, nullptr) << workspace_.Log();
  const auto saved = client->Call({"SAVE"}, 5s);
  ASSERT_TRUE(saved.ok());
  EXPECT_EQ(saved->text, "OK") << workspace_.Log();
  EXPECT_FALSE(fs::is_empty(workspace_.root() / "data"));
}

TEST_F(Launch, SigtermEndsIt) {
  EngineProcess process(workspace_.Write(spec_));
  ASSERT_NE(ConnectWhenReady(spec_, spec_.config.internal_password), nullptr) << workspace_.Log();
  process.Signal(SIGTERM);
  EXPECT_EQ(process.WaitForExit(), 0) << workspace_.Log();
}

TEST_F(Launch, CheckStartsNothingAndSaysNothing) {
  EXPECT_EQ(Refused(), std::pair(0, std::string()));
  EXPECT_FALSE(fs::exists(workspace_.root() / "engine.log"));
}

TEST_F(Launch, ValueThatWouldBecomeADirectiveIsRefused) {
  for (const char* value : {"noeviction\nrequirepass x", "noeviction\" \"", "noeviction\\n"}) {
    spec_.config.parameters["maxmemory-policy"] = value;
    const auto [code, message] = Refused();
    EXPECT_EQ(code, CodeOf(Exit::kSpec)) << message;
    EXPECT_NE(message.find("maxmemory-policy"), std::string::npos) << message;
    EXPECT_EQ(message.find(spec_.config.internal_password), std::string::npos) << message;
  }
}

TEST_F(Launch, EveryFailureHasItsExitCode) {
  EXPECT_EQ(EngineProcess(workspace_.root() / "none").WaitForExit(), CodeOf(Exit::kNoSpec));
  const Spec good = spec_;
  spec_.image_directory = workspace_.root();
  EXPECT_EQ(Refused().first, CodeOf(Exit::kImage));
  spec_ = good;
  spec_.data_directory = workspace_.root() / "none";
  EXPECT_EQ(Refused(false).first, CodeOf(Exit::kFiles));
  spec_ = good;
  spec_.uid = geteuid() == 0 ? 0 : geteuid() + 1;
  EXPECT_EQ(Refused().first, CodeOf(Exit::kSandbox));
}

TEST_F(Launch, ImageThatTheEnginesUserCannotReachIsSaidInTheLog) {
  if (geteuid() != 0) GTEST_SKIP() << "only root changes the user";
  fs::create_directory_symlink(spec_.image_directory, workspace_.root() / "image");
  spec_.image_directory = workspace_.root() / "image";
  EXPECT_EQ(Refused(false).first, CodeOf(Exit::kExec));
  EXPECT_NE(workspace_.Log().find("cannot start"), std::string::npos) << workspace_.Log();
}

}  // namespace
}  // namespace cacheplane::launcher
