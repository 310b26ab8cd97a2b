// What an engine saved: read, set aside and taken back.
#include "nodeagent/supervisor/saved_data.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "nodeagent/supervisor/home.h"
#include "tests/contract/temporary_directory.h"

namespace cacheplane::agent {
namespace {

namespace fs = std::filesystem;

using test::TemporaryDirectory;

// As Valkey 8.0.1 writes it, but for the fields that say nothing here.
std::string Dump(const std::string& offset, const std::string& rest) {
  using namespace std::string_literals;
  return "REDIS0011\xfa\x0avalkey-ver\x05"
         "8.0.1\xfa\x0aredis-bits\xc0\x40\xfa\x05"
         "ctime\xc2\xeb\xdf\x09\x6b"s +
         "\xfa\x07repl-id\x28" + std::string(40, 'a') + "\xfa\x0brepl-offset" + offset +
         "\xfa\x08"
         "aof-base\xc0"s +
         std::string(1, '\0') + rest;
}

TEST(SavedData, IsReadFromTheHeadOfTheFile) {
  using namespace std::string_literals;
  const std::string data = "\xfe\0\xfb\x01"s;
  const RdbHead head{std::string(40, 'a'), 14950, 0x6b09dfeb};
  EXPECT_EQ(ParseRdbHead(Dump("\xc1\x66\x3a", data)), head);
  EXPECT_EQ(ParseRdbHead(Dump("\x05"
                              "14950",
                              data)),
            head);
  EXPECT_EQ(ParseRdbHead(Dump("\xc2\x66\x3a\0\0"s, data)), head);
  EXPECT_EQ(ParseRdbHead(Dump("\xc0\xff", data))->replication_offset, -1);
  EXPECT_EQ(ParseRdbHead("VALKEY080"s + data), RdbHead{});
  EXPECT_EQ(ParseRdbHead(Dump("\xc1\x66\x3a",
                              "\xff"
                              "checksum")),
            std::nullopt)
      << "nothing is in it";
}

// An engine is to judge what is not understood here.
TEST(SavedData, WhatIsNotUnderstoodIsOfAnUnknownHistory) {
  const std::string whole = Dump("\xc1\x66\x3a", "\xfe");
  for (std::size_t length = 1; length < whole.size(); ++length) {
    EXPECT_EQ(ParseRdbHead(whole.substr(0, length)), RdbHead{}) << length;
  }
  EXPECT_EQ(ParseRdbHead("as a stranger writes it"), RdbHead{});
  std::string damaged = whole;
  damaged[whole.find("aaaa")] = '\xe4';
  EXPECT_EQ(ParseRdbHead(damaged), RdbHead{});
  EXPECT_EQ(ParseRdbHead(Dump("\xc3\x02\x05xx", "\xfe"))->replication_offset, 0) << "compressed ones are passed over";
  for (const char* length : {"\x80\xff\xff\xff\xff", "\xc3\x80\xff\xff\xff\xff", "\xc4", "\x90", "\xff"}) {
    EXPECT_EQ(ParseRdbHead(Dump(length, "\xfe")), RdbHead{});
  }
}

TEST(SavedData, IsSetAsideAndTakenBack) {
  using namespace std::string_literals;
  const TemporaryDirectory directory;
  Home home(directory.path());
  const auto node = home.DirectoryOf("orders-001", "i-1");
  ASSERT_TRUE(node.Create().ok());
  const std::string empty = Dump("\xc0\x01", "\xff");
  EXPECT_EQ(node.Saved(), std::nullopt);
  EXPECT_TRUE(node.SetDumpAside().ok());
  std::ofstream(node.dump()) << Dump("\xc0\x01", "\xfe");
  const auto first = node.Saved();
  ASSERT_TRUE(first && !first->id.empty());
  EXPECT_EQ(first->replication_offset, 1);
  EXPECT_TRUE(node.SetDumpAside().ok());
  EXPECT_FALSE(fs::exists(node.dump()));
  EXPECT_EQ(node.Saved(), first) << "it is the same file";
  std::ofstream(node.dump()) << empty;
  EXPECT_EQ(node.Saved(), first);
  EXPECT_TRUE(node.SetDumpAside().ok());
  EXPECT_EQ(node.Saved(), first) << "one without data takes no other's place";
  std::ofstream(node.dump()) << empty;
  EXPECT_TRUE(node.TakeDumpBack().ok());
  EXPECT_EQ(node.Saved(), first);
  EXPECT_FALSE(fs::exists(node.kept()));
  EXPECT_TRUE(node.SetDumpAside().ok());
  std::ofstream(node.dump()) << Dump("\xc0\x02", "\xfe");
  EXPECT_TRUE(node.TakeDumpBack().ok());
  EXPECT_EQ(node.Saved()->replication_offset, 2) << "the newer one stays";
  EXPECT_TRUE(node.RemoveKept().ok());
  EXPECT_FALSE(fs::exists(node.kept()));
}

TEST(SavedData, LinksAndPipesAreNone) {
  const TemporaryDirectory directory;
  std::ofstream(directory.path() / "real") << Dump("\xc0\x01", "\xfe");
  fs::create_symlink(directory.path() / "real", directory.path() / "link");
  ASSERT_EQ(mkfifo((directory.path() / "pipe").c_str(), 0600), 0);
  for (const char* name : {"link", "pipe", "none"})
    EXPECT_EQ(ReadSavedData(directory.path() / name), std::nullopt) << name;
  EXPECT_NE(ReadSavedData(directory.path() / "real"), std::nullopt);
}

}  // namespace
}  // namespace cacheplane::agent
