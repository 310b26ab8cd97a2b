// kill -9 in the middle of a stream of commits: what was acknowledged is there, and the file is sound.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "controlplane/store/sqlite_store.h"
#include "tests/contract/store_builders.h"
#include "tests/contract/temporary_directory.h"

namespace cacheplane::test {
namespace {

using ports::Transaction;
using store::SqliteStore;

constexpr int kRounds = 5;
constexpr int kAcknowledgementsBeforeKill = 100;

// Each write is an event and a host of the same number; the number goes into the pipe once Write has returned.
[[noreturn]] void WriteForever(const std::filesystem::path& path, int acknowledgements) {
  auto store = SqliteStore::Open(path);
  if (!store.ok()) _exit(2);
  for (;;) {
    std::uint64_t sequence = 0;
    const Status status = (*store)->Write([&](Transaction& transaction) -> Status {
      sequence = transaction.journal().AppendEvent(AnEvent("orders", "x", At(0)));
      transaction.hosts().PutHost(AHost("agent-" + std::to_string(sequence)));
      return {};
    });
    if (!status.ok() || write(acknowledgements, &sequence, sizeof sequence) != sizeof sequence) _exit(3);
  }
}

// The highest number the child acknowledged before it was killed.
std::uint64_t RunUntilKilled(const std::filesystem::path& path) {
  int pipe_ends[2];
  EXPECT_EQ(pipe(pipe_ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    close(pipe_ends[0]);
    WriteForever(path, pipe_ends[1]);
  }
  close(pipe_ends[1]);
  std::uint64_t acknowledged = 0;
  std::uint64_t sequence = 0;
  for (int count = 1; read(pipe_ends[0], &sequence, sizeof sequence) == sizeof sequence; ++count) {
    acknowledged = sequence;
    if (count == kAcknowledgementsBeforeKill) kill(child, SIGKILL);  // the rest of the pipe is still read
  }
  close(pipe_ends[0]);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status)) << "exit status " << WEXITSTATUS(status);
  return acknowledged;
}

TEST(SqliteKillTest, EveryAcknowledgedWriteSurvives) {
  const TemporaryDirectory directory;
  const auto path = directory.path() / "store.db";
  for (int round = 1; round <= kRounds; ++round) {
    const std::uint64_t acknowledged = RunUntilKilled(path);
    EXPECT_GE(acknowledged, static_cast<std::uint64_t>(round * kAcknowledgementsBeforeKill));
    auto store = SqliteStore::Open(path);
    ASSERT_TRUE(store.ok()) << store.error().message;
    (*store)->Read([&](Transaction& transaction) {
      const std::uint64_t last = transaction.journal().LastEventSequence();
      EXPECT_GE(last, acknowledged);
      EXPECT_LE(last, acknowledged + 1);  // at most one was committed and not acknowledged
      ports::EventFilter all;
      all.limit = 1'000'000;
      EXPECT_EQ(transaction.journal().Events(all).size(), last);
      EXPECT_EQ(transaction.hosts().Hosts().size(), last);  // no half of a write
    });
  }
}

}  // namespace
}  // namespace cacheplane::test
