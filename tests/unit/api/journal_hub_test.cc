#include "controlplane/api/journal_hub.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace cacheplane::api {
namespace {

using namespace std::chrono_literals;

// Counts its calls and lets a test wait for them.
class Probe {
 public:
  JournalHub::Callback callback() {
    return [this](Wake wake) {
      const std::lock_guard lock(mutex_);
      calls_.push_back(wake);
      changed_.notify_all();
    };
  }
  bool SawWithin(Wake wake, std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, limit, [&] { return std::count(calls_.begin(), calls_.end(), wake) > 0; });
  }
  long Count(Wake wake) {
    const std::lock_guard lock(mutex_);
    return std::count(calls_.begin(), calls_.end(), wake);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Wake> calls_;
};

TEST(JournalHub, WakesEveryWaiter) {
  Probe first;
  Probe second;
  JournalHub hub;
  hub.Add(std::nullopt, first.callback());
  hub.Add(std::nullopt, second.callback());
  hub.JournalGrew();
  EXPECT_TRUE(first.SawWithin(Wake::kGrew, 5s));
  EXPECT_TRUE(second.SawWithin(Wake::kGrew, 5s));
}

TEST(JournalHub, TellsADeadlineOnce) {
  Probe probe;
  JournalHub hub;
  const auto start = std::chrono::steady_clock::now();
  hub.Add(start + 30ms, probe.callback());
  EXPECT_TRUE(probe.SawWithin(Wake::kDeadline, 5s));
  EXPECT_GE(std::chrono::steady_clock::now() - start, 30ms);
  hub.JournalGrew();
  EXPECT_TRUE(probe.SawWithin(Wake::kGrew, 5s));
  EXPECT_EQ(probe.Count(Wake::kDeadline), 1);
}

TEST(JournalHub, AnEarlierDeadlineAddedLaterComesFirst) {
  Probe late;
  Probe early;
  JournalHub hub;
  hub.Add(std::chrono::steady_clock::now() + 1h, late.callback());
  hub.Add(std::chrono::steady_clock::now() + 10ms, early.callback());
  EXPECT_TRUE(early.SawWithin(Wake::kDeadline, 5s));
  EXPECT_EQ(late.Count(Wake::kDeadline), 0);
}

TEST(JournalHub, ARemovedWaiterIsLeftAlone) {
  Probe removed;
  Probe other;
  JournalHub hub;
  const JournalHub::Ticket ticket = hub.Add(std::nullopt, removed.callback());
  hub.Add(std::nullopt, other.callback());
  hub.Remove(ticket);
  hub.Remove(ticket);
  hub.JournalGrew();
  EXPECT_TRUE(other.SawWithin(Wake::kGrew, 5s));
  EXPECT_EQ(removed.Count(Wake::kGrew), 0);
}

TEST(JournalHub, AWaiterMayRemoveItselfAndAddAnother) {
  Probe probe;
  JournalHub hub;
  std::promise<JournalHub::Ticket> ticket;
  std::shared_future<JournalHub::Ticket> own = ticket.get_future().share();
  ticket.set_value(hub.Add(std::nullopt, [&](Wake) {
    hub.Remove(own.get());
    hub.Add(std::chrono::steady_clock::now(), probe.callback());
  }));
  hub.JournalGrew();
  EXPECT_TRUE(probe.SawWithin(Wake::kDeadline, 5s));
}

TEST(JournalHub, ClosingTellsPresentAndFutureWaitersOnce) {
  Probe present;
  Probe future;
  {
    JournalHub hub;
    hub.Add(std::nullopt, present.callback());
    hub.Close();
    hub.Add(std::nullopt, future.callback());
    EXPECT_TRUE(present.SawWithin(Wake::kClosed, 5s));
    EXPECT_TRUE(future.SawWithin(Wake::kClosed, 5s));
    hub.JournalGrew();
  }
  EXPECT_EQ(present.Count(Wake::kClosed), 1);
  EXPECT_EQ(present.Count(Wake::kGrew), 0);
}

TEST(JournalHub, NoGrowthIsLostUnderConcurrency) {
  JournalHub hub;
  std::atomic<int> committed = 0;
  std::atomic<int> seen = 0;
  hub.Add(std::nullopt, [&](Wake) { seen = committed.load(); });
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 4; ++writer) {
    writers.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) {
        ++committed;
        hub.JournalGrew();
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  const auto limit = std::chrono::steady_clock::now() + 5s;
  while (seen < 4000 && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
  EXPECT_EQ(seen, 4000);
}

}  // namespace
}  // namespace cacheplane::api
