// Throw-away engines: real ones, and programs that are none.
#include "nodeagent/supervisor/trials.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "cache-engine/catalog/catalog.h"
#include "cache-engine/images/images.h"

namespace cacheplane::agent {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr char kMadeUp[] = "8.0.99";

class TrialsTest : public testing::Test {
 protected:
  TrialsTest() {
    std::string name = (fs::canonical(fs::temp_directory_path()) / "trials-home-XXXXXX").string();
    root_ = mkdtemp(name.data());
    chmod(root_.c_str(), 0755);  // engines must be able to reach images below it
    home_ = std::make_unique<Home>(root_ / "home");
    fs::create_directories(root_ / "home");
  }
  ~TrialsTest() override {
    trials_.reset();
    fs::remove_all(root_);
  }

  Trials::Options OptionsFor(const fs::path& images) const {
    return {.images = images,
            .launcher = CACHE_ENGINE_PROGRAM,
            .uid_base = geteuid() == 0 ? 76500U : 0U,
            .patience = milliseconds(5000),
            .longest_wait = milliseconds(5000)};
  }
  std::unique_ptr<Trials> Make(const Trials::Options& options) {
    return std::make_unique<Trials>(loop_, *home_, options, [this](std::uint64_t id, const Verdict& verdict) {
      verdicts_[id] = verdict;
      left_behind_ = left_behind_ || fs::exists(home_->trial());
    });
  }

  // An image whose program is this script, run by a shell of the image.
  fs::path ImageOf(const std::string& script) {
    const fs::path image = root_ / "images" / ("valkey-" + std::string(kMadeUp));
    fs::create_directories(image / "bin");
    fs::copy_file("/bin/sh", image / "bin" / "sh");
    std::ofstream(image / "bin" / "valkey-server") << "#!" << (image / "bin" / "sh").string() << "\n" << script << "\n";
    chmod((image / "bin" / "valkey-server").c_str(), 0755);
    std::ofstream(image / "image.json") << R"({"engine": "valkey", "version": ")" << kMadeUp << "\"}";
    return root_ / "images";
  }

  static Trial TrialWith(std::uint64_t id, const std::string& version, std::map<std::string, std::string> parameters) {
    return {.id = id,
            .engine = "valkey",
            .engine_version = version,
            .family = "valkey8",
            .parameters = std::move(parameters),
            .node_memory_bytes = 1 << 30};
  }

  // Runs the loop until that many are told; false when they are not within 20 s.
  bool Told(std::size_t count) {
    const MonoTime limit = loop_.now() + milliseconds(20'000);
    const std::function<void()> look = [&] {
      if (verdicts_.size() >= count || loop_.now() >= limit) return loop_.Stop();
      loop_.At(loop_.now() + milliseconds(1), look);
    };
    look();
    if (verdicts_.size() < count) loop_.Run();
    return verdicts_.size() >= count;
  }

  SystemClock clock_;
  EventLoop loop_{clock_};
  fs::path root_;
  std::unique_ptr<Home> home_;
  std::unique_ptr<Trials> trials_;
  std::map<std::uint64_t, Verdict> verdicts_;
  bool left_behind_ = false;
};

TEST_F(TrialsTest, EveryImagesEngineTakesTheDefaultsAndNothingIsLeft) {
  trials_ = Make(OptionsFor(images::DefaultRoot()));
  std::uint64_t id = 0;
  for (const images::Image& image : images::ListImages(images::DefaultRoot())) {
    const auto* version = catalog::FindEngineVersion(image.engine, catalog::MinorOf(image.full_version));
    if (version == nullptr) continue;
    Trial trial = TrialWith(++id, image.full_version, {{"maxmemory-policy", "noeviction"}});
    trial.engine = image.engine;
    trial.family = version->family;
    const MonoTime begun = loop_.now();
    trials_->Begin(trial);
    ASSERT_TRUE(Told(id));
    EXPECT_EQ(verdicts_[id], Verdict{}) << image.engine << " " << image.full_version << " " << verdicts_[id].refusal
                                        << verdicts_[id].problem;
    RecordProperty(image.engine + "-" + image.full_version + "-ms",
                   std::to_string(std::chrono::duration_cast<milliseconds>(loop_.now() - begun).count()));
  }
  // tests/run makes the images; a build alone has none.
  if (id == 0) GTEST_SKIP() << "no images";
  EXPECT_FALSE(left_behind_);
}

// A real engine, which is given one directive more that it does not take: the catalogue allows no such value.
TEST_F(TrialsTest, ARefusalIsInTheEnginesWords) {
  const auto real = images::FindImage(images::DefaultRoot(), "valkey", "8.0.1");
  // tests/run makes the image; a build alone has none.
  if (!real.ok()) GTEST_SKIP() << "no image of valkey 8.0.1";
  trials_ = Make(OptionsFor(
      ImageOf("{ cat; echo 'maxmemory-samples \"0\"'; } >config\nexec " + real->Server().string() + " - <config")));
  trials_->Begin(TrialWith(7, kMadeUp, {{"timeout", "60"}}));
  ASSERT_TRUE(Told(1));
  EXPECT_EQ(verdicts_[7].problem, "");
  EXPECT_TRUE(verdicts_[7].refusal.starts_with("'maxmemory-samples \"0\"': ")) << verdicts_[7].refusal;
  EXPECT_FALSE(left_behind_);
}

TEST_F(TrialsTest, AnEngineThatHangsTakesNothingAndIsRemoved) {
  Trials::Options options = OptionsFor(ImageOf("kill -STOP $$"));
  options.patience = milliseconds(200);
  trials_ = Make(options);
  trials_->Begin(TrialWith(7, kMadeUp, {}));
  ASSERT_TRUE(Told(1));
  EXPECT_EQ(verdicts_[7], (Verdict{.refusal = "it neither answered nor ended within 200 ms"}));
  EXPECT_FALSE(left_behind_);
}

TEST_F(TrialsTest, WhatCannotBeStartedIsNoVerdict) {
  trials_ = Make(OptionsFor(ImageOf("exit 127")));
  trials_->Begin(TrialWith(1, "8.0.98", {}));
  trials_->Begin(TrialWith(2, kMadeUp, {}));
  trials_->Begin(TrialWith(3, kMadeUp, {{"cluster-enabled", "yes"}}));
  ASSERT_TRUE(Told(3));
  for (const auto& [id, verdict] : verdicts_) {
    EXPECT_EQ(verdict.refusal, "") << id;
    EXPECT_NE(verdict.problem, "") << id;
  }
  EXPECT_FALSE(left_behind_);
}

TEST_F(TrialsTest, TheyWaitForOneAnother) {
  Trials::Options options = OptionsFor(ImageOf("kill -STOP $$"));
  options.patience = milliseconds(50);
  trials_ = Make(options);
  trials_->Begin(TrialWith(1, kMadeUp, {}));
  trials_->Begin(TrialWith(2, kMadeUp, {}));
  ASSERT_TRUE(Told(2));
  EXPECT_EQ(verdicts_[1], verdicts_[2]);
  EXPECT_NE(verdicts_[2].refusal, "");
}

TEST_F(TrialsTest, TheyDoNotWaitForLong) {
  Trials::Options options = OptionsFor(ImageOf("kill -STOP $$"));
  options.patience = milliseconds(200);
  options.longest_wait = milliseconds(50);
  trials_ = Make(options);
  trials_->Begin(TrialWith(1, kMadeUp, {}));
  trials_->Begin(TrialWith(2, kMadeUp, {}));
  ASSERT_TRUE(Told(2));
  EXPECT_NE(verdicts_[1].refusal, "");
  EXPECT_EQ(verdicts_[2], (Verdict{.problem = "it is busy with other trials"}));
}

TEST_F(TrialsTest, WhatAnEarlierAgentLeftIsEndedAndRemoved) {
  const Trials::Options options = OptionsFor(ImageOf("kill -STOP $$"));
  trials_ = Make(options);
  trials_->Begin(TrialWith(1, kMadeUp, {}));
  ASSERT_TRUE(fs::exists(home_->trial()));
  Make(options)->RemoveLeftovers();
  EXPECT_FALSE(fs::exists(home_->trial()));
  ASSERT_TRUE(Told(1)) << "the process was ended";
  // It was killed, or did not find what it was to start with any more.
  EXPECT_NE(verdicts_[1].problem, "");
  EXPECT_EQ(verdicts_[1].refusal, "");
}

TEST_F(TrialsTest, OfOneThatIsForgottenNothingIsTold) {
  trials_ = Make(OptionsFor(ImageOf("kill -STOP $$")));
  trials_->Begin(TrialWith(1, kMadeUp, {}));
  trials_->Begin(TrialWith(2, kMadeUp, {}));
  trials_->Forget();
  trials_->Begin(TrialWith(3, "8.0.98", {}));
  ASSERT_TRUE(Told(1));
  EXPECT_EQ(verdicts_.begin()->first, 3U);
  EXPECT_FALSE(left_behind_);
}

TEST_F(TrialsTest, NoNodeGetsTheirUser) {
  // Only root can give an engine another user.
  if (geteuid() != 0) GTEST_SKIP() << "all engines have this process's user";
  trials_ = Make(OptionsFor(ImageOf("exit 1")));
  EXPECT_EQ(home_->FreeUid(76500), 76500U);
  trials_->Begin(TrialWith(1, kMadeUp, {}));
  ASSERT_TRUE(Told(1));
  EXPECT_EQ(home_->FreeUid(76500), 76501U);
}

}  // namespace
}  // namespace cacheplane::agent
