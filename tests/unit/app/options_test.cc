// The command line of cacheplaned.
#include "controlplane/app/options.h"

#include <gtest/gtest.h>

namespace cacheplane::app {
namespace {

struct Parsed {
  std::optional<Options> options;
  int exit_code = 0;
  std::string err;
};

Parsed Parse(std::vector<std::string> words) {
  words.insert(words.begin(), {"cacheplaned", "--home", "/h", "--token-file", "/t"});
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  Parsed parsed;
  testing::internal::CaptureStderr();
  parsed.options = ParseOptions(static_cast<int>(argv.size()), argv.data(), parsed.exit_code);
  parsed.err = testing::internal::GetCapturedStderr();
  return parsed;
}

TEST(Options, SignaturesAreCheckedUnlessAskedNotTo) {
  EXPECT_FALSE(Parse({}).options->any_access_key);
  EXPECT_FALSE(Parse({"--http", "0.0.0.0:7080"}).options->any_access_key);
  EXPECT_TRUE(Parse({"--any-access-key"}).options->any_access_key);
}

TEST(Options, AnyAccessKeyIsForLoopback) {
  for (const char* http : {"127.0.0.1:7080", "127.9.9.9:1", "::1:7080"}) {
    EXPECT_TRUE(Parse({"--any-access-key", "--http", http}).options) << http;
  }
  for (const std::string host : {"0.0.0.0", "10.0.0.1", "::", "fe80::1", "localhost", "128.0.0.1", ""}) {
    const Parsed parsed = Parse({"--http", host + ":7080", "--any-access-key"});
    EXPECT_FALSE(parsed.options) << host;
    EXPECT_NE(parsed.exit_code, 0) << host;
    EXPECT_NE(parsed.err.find("--any-access-key: HTTP listens on " + host + ", "), std::string::npos) << parsed.err;
  }
}

TEST(Options, HostsAreAllowedByName) {
  EXPECT_EQ(Parse({"--allowed-host", "Cache.example.org", "--allowed-host", "10.0.0.1"}).options->allowed_hosts,
            (std::vector<std::string>{"cache.example.org", "10.0.0.1"}));
  for (const char* host : {"cache.example.org:7080", "http://cache", ""}) {
    const Parsed parsed = Parse({"--allowed-host", host});
    EXPECT_FALSE(parsed.options) << host;
    EXPECT_NE(parsed.err.find("--allowed-host"), std::string::npos) << parsed.err;
  }
}

TEST(Options, KnowWhetherHttpIsForThisHostAlone) {
  EXPECT_TRUE(Parse({}).options->http_on_loopback);
  EXPECT_FALSE(Parse({"--http", "0.0.0.0:7080"}).options->http_on_loopback);
}

}  // namespace
}  // namespace cacheplane::app
