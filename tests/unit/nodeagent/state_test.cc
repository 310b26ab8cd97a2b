// Names, assignment sets and files.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "common/file.h"
#include "nodeagent/decide/assignment_set.h"
#include "nodeagent/decide/names.h"
#include "nodeagent/supervisor/assignment_file.h"
#include "nodeagent/supervisor/home.h"
#include "nodeagent/supervisor/saved_state.h"
#include "tests/unit/nodeagent/builders.h"

namespace cacheplane::agent {
namespace {

namespace fs = std::filesystem;

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (fs::temp_directory_path() / "agent-test-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TemporaryDirectory() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

TEST(Names, OnlyPlainOnesAreValid) {
  for (const char* name : {"a", "orders-0001-001", "0", "9f-", "i-0123456789abcdef"}) EXPECT_TRUE(IsValidName(name));
  for (const char* name : {"", "-a", ".", "..", "a/b", "../x", "A", "a_b", "a b", "a\n", "\xc3\xa4", "a.b"}) {
    EXPECT_FALSE(IsValidName(name)) << name;
  }
  EXPECT_TRUE(IsValidName(std::string(128, 'a')));
  EXPECT_FALSE(IsValidName(std::string(129, 'a')));
  EXPECT_FALSE(IsValidName(std::string_view("a\0b", 3)));
}

TEST(Names, HostileAssignmentsAreRefused) {
  const auto refused = [](auto change) {
    Assignment wish = ReplicaWish(1);
    change(wish);
    return !CheckAssignment(wish).ok();
  };
  EXPECT_FALSE(refused([](Assignment&) {}));
  EXPECT_TRUE(refused([](Assignment& wish) { wish.node = "../../etc"; }));
  EXPECT_TRUE(refused([](Assignment& wish) { wish.incarnation = "a/b"; }));
  EXPECT_TRUE(refused([](Assignment& wish) { wish.listen.host = "127.0.0.1\nport 1"; }));
  EXPECT_TRUE(refused([](Assignment& wish) { wish.listen.host = ""; }));
  EXPECT_TRUE(refused([](Assignment& wish) { wish.listen.port = 0; }));
  EXPECT_TRUE(refused([](Assignment& wish) { wish.listen.port = 65536; }));
  EXPECT_TRUE(refused([](Assignment& wish) { wish.primary = Address{"evil host", 1}; }));
}

Assignment Named(const std::string& incarnation, std::uint64_t epoch = 1) {
  Assignment wish = ReplicaWish(epoch);
  wish.incarnation = incarnation;
  return wish;
}

AssignmentSet SetOf(std::uint64_t revision, const std::vector<Assignment>& wishes) {
  AssignmentSet set{.revision = revision};
  for (const Assignment& wish : wishes) set.assignments[wish.incarnation] = wish;
  return set;
}

TEST(AssignmentSets, WholeReplacesEverythingWhateverItsRevision) {
  const auto current = SetOf(7, {Named("i-1"), Named("i-2")});
  const auto merged = std::get<Merged>(Merge(current, {.revision = 3, .assignments = {Named("i-3")}}));
  EXPECT_EQ(merged.set, SetOf(3, {Named("i-3")}));
}

TEST(AssignmentSets, ChangeAddsReplacesAndRemoves) {
  const auto current = SetOf(7, {Named("i-1"), Named("i-2"), Named("i-3")});
  const AssignmentUpdate update{.revision = 9,
                                .base_revision = 7,
                                .assignments = {Named("i-2", 5), Named("i-4")},
                                .removed_incarnations = {"i-3", "i-unknown"}};
  EXPECT_EQ(std::get<Merged>(Merge(current, update)).set, SetOf(9, {Named("i-1"), Named("i-2", 5), Named("i-4")}));
}

TEST(AssignmentSets, ChangeToAnotherRevisionNeedsTheWhole) {
  const auto current = SetOf(7, {Named("i-1")});
  EXPECT_EQ(Merge(current, {.revision = 9, .base_revision = 8}), MergeResult(NeedsWholeSet{}));
  EXPECT_EQ(Merge(current, {.revision = 7, .base_revision = 6}), MergeResult(NeedsWholeSet{}));
}

TEST(AssignmentSets, InvalidOnesLeaveTheLastValidWish) {
  const auto current = SetOf(7, {Named("i-1")});
  Assignment broken = Named("i-1");
  broken.listen.port = -1;
  const auto merged = std::get<Merged>(Merge(current, {.revision = 8, .assignments = {broken, Named("../x")}}));
  EXPECT_EQ(merged.set, SetOf(8, {Named("i-1")}));
  EXPECT_EQ(merged.refused.size(), 2U);
}

TEST(Files, AssignmentsComeBackAndAreReadableByTheirUserAlone) {
  const TemporaryDirectory directory;
  const fs::path file = directory.path() / "assignments.json";
  EXPECT_EQ(LoadAssignments(file).value(), AssignmentSet{});
  Assignment primary = PrimaryWish(4, 2);
  primary.incarnation = "i-2";
  primary.intent = Intent::kErase;
  primary.restore = "17.000000001-300";
  const auto set = SetOf(12, {Named("i-1"), primary});
  ASSERT_TRUE(SaveAssignments(file, set).ok());
  EXPECT_EQ(LoadAssignments(file).value(), set);
  struct stat status {};
  ASSERT_EQ(stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST(Files, DamagedAssignmentsAreAnError) {
  for (const char* text : {"", "{", "[]", "{\"revision\":1}", "{\"revision\":1,\"assignments\":[{}]}"}) {
    EXPECT_FALSE(ParseAssignmentSet(text).ok()) << text;
  }
  auto hostile = SetOf(1, {Named("i-1")});
  hostile.assignments["i-1"].node = "../x";
  EXPECT_FALSE(ParseAssignmentSet(ToJson(hostile)).ok());
}

TEST(Files, SavedStateComesBack) {
  SavedState state;
  state.epoch = 18446744073709551615ULL;
  state.boot = 3;
  state.uid = 70001;
  state.starts = 9;
  state.clean_stop_epoch = 5;
  state.save_requested_ms = 1'700'000'000'123;
  state.handover_failed_epoch = 7;
  EXPECT_EQ(ParseSavedState(ToJson(state)).value(), state);
  EXPECT_FALSE(ParseSavedState("{}").ok());
  EXPECT_FALSE(ParseSavedState("").ok());
}

TEST(Files, ProcessIsNotedBesideTheStateAndMayBeLost) {
  const TemporaryDirectory directory;
  Home home(directory.path());
  const auto node = home.DirectoryOf("orders-001", "i-1");
  ASSERT_TRUE(node.Create().ok());
  SavedState state;
  state.epoch = 7;
  ASSERT_TRUE(node.Save(state).ok());
  const std::string saved = ReadFile(node.path() / "state.json").value();
  EXPECT_EQ(node.LoadProcess(), ProcessId{});
  ASSERT_TRUE(node.Note({4711, 0xffffffffffULL}).ok());
  EXPECT_EQ(node.LoadProcess(), (ProcessId{4711, 0xffffffffffULL}));
  EXPECT_EQ(ReadFile(node.path() / "state.json").value(), saved);
  std::ofstream(node.path() / "process.json") << "";
  EXPECT_EQ(node.LoadProcess(), ProcessId{});
  EXPECT_EQ(node.Load().value(), state);
}

TEST(Files, DumpCountsOnlyWhenWrittenSinceTheRequest) {
  const TemporaryDirectory directory;
  Home home(directory.path());
  const auto node = home.DirectoryOf("orders-001", "i-1");
  ASSERT_TRUE(node.Create().ok());
  const std::int64_t before = FileTime();
  EXPECT_FALSE(node.SyncDump(before).ok());
  std::ofstream(node.dump()) << "data";
  EXPECT_TRUE(node.SyncDump(before).ok());
  EXPECT_EQ(node.SyncDump(FileTime() + 60'000).error().code, ErrorCode::kNotFound);
  fs::last_write_time(node.dump(), fs::file_time_type::clock::now() - std::chrono::hours(1));
  EXPECT_FALSE(node.SyncDump(before).ok());
}

TEST(Files, HomeListsGivesUidsAndErasesOneIncarnationOnly) {
  const TemporaryDirectory directory;
  Home home(directory.path());
  ASSERT_TRUE(home.Lock().ok());
  for (const char* incarnation : {"i-1", "i-2"}) {
    const auto node = home.DirectoryOf("orders-001", incarnation);
    ASSERT_TRUE(node.Create().ok());
    SavedState state;
    state.uid = home.FreeUid(70000);
    ASSERT_TRUE(node.Save(state).ok());
  }
  EXPECT_EQ(home.FreeUid(70000), 70002U);
  ASSERT_TRUE(home.DirectoryOf("orders-001", "i-1").WritePidFile(42).ok());
  std::ofstream(directory.path() / "nodes/orders-001/engine.pid.new") << "4";
  ASSERT_TRUE(home.DirectoryOf("orders-001", "i-1").Erase().ok());
  EXPECT_TRUE(fs::exists(directory.path() / "nodes/orders-001/engine.pid")) << "may be of the other incarnation";
  EXPECT_EQ(home.List(), (std::vector<std::pair<std::string, std::string>>{{"orders-001", "i-2"}}));
  EXPECT_EQ(home.FreeUid(70000), 70000U);
  ASSERT_TRUE(home.DirectoryOf("orders-001", "i-2").Erase().ok());
  EXPECT_FALSE(fs::exists(directory.path() / "nodes" / "orders-001"));
}

TEST(Files, HomeIsUsedByOneAtATime) {
  const TemporaryDirectory directory;
  Home first(directory.path());
  Home second(directory.path());
  ASSERT_TRUE(first.Lock().ok());
  EXPECT_EQ(second.Lock().error().code, ErrorCode::kFailedPrecondition);
}

TEST(Files, PidFileOfAnotherProcessStays) {
  const TemporaryDirectory directory;
  Home home(directory.path());
  const auto node = home.DirectoryOf("orders-001", "i-1");
  ASSERT_TRUE(node.Create().ok());
  ASSERT_TRUE(node.WritePidFile(42).ok());
  node.RemovePidFile(41);
  EXPECT_EQ(ReadFile(directory.path() / "nodes/orders-001/engine.pid").value(), "42\n");
  node.RemovePidFile(42);
  EXPECT_FALSE(fs::exists(directory.path() / "nodes/orders-001/engine.pid"));
}

}  // namespace
}  // namespace cacheplane::agent
