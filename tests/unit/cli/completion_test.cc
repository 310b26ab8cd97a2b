// The scripts are run by the shells themselves; a shell that is not installed is left out.
#include "cli/args/completion.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cli/commands/commands.h"
#include "common/random_id.h"

namespace cacheplane::cli {
namespace {

namespace fs = std::filesystem;

// A directory with the scripts and a cachectl that knows two clusters.
class CompletionTest : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = fs::temp_directory_path() / ("cachectl-completion-" + RandomHex(8));
    fs::create_directories(directory_);
    Write("cachectl", "#!/bin/sh\n[ \"$*\" = 'cluster list -o names' ] && printf 'orders\\n$(touch pwned)\\n'\n");
    chmod((directory_ / "cachectl").c_str(), 0755);
    Write("script.bash", BashCompletion(AllCommands()));
    Write("script.zsh", ZshCompletion(AllCommands()));
    Write("script.fish", FishCompletion(AllCommands()));
  }
  void TearDown() override { fs::remove_all(directory_); }

  void Write(const std::string& name, const std::string& text) { std::ofstream(directory_ / name) << text; }

  // What the command prints; its code must be 0.
  std::string Shell(const std::string& command) {
    const std::string line = "cd " + directory_.string() + " && PATH=.:$PATH " + command + " 2>&1";
    FILE* pipe = popen(line.c_str(), "r");
    std::string text;
    for (int c = fgetc(pipe); c != EOF; c = fgetc(pipe)) text += static_cast<char>(c);
    EXPECT_EQ(pclose(pipe), 0) << text;
    return text;
  }

  static bool Has(const std::string& shell) {
    return std::system(("command -v " + shell + " >/dev/null").c_str()) == 0;
  }

  // What bash proposes for the last of `words` (quoted as in a bash array).
  std::string Bash(const std::string& words) {
    Write("ask.bash", "source ./script.bash; COMP_WORDS=(cachectl " + words +
                          "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _cachectl; echo \"${COMPREPLY[*]}\"");
    return Shell("bash ask.bash");
  }

  fs::path directory_;
};

TEST_F(CompletionTest, BashKnowsNounsVerbsFlagsAndValues) {
  EXPECT_EQ(Bash("subn"), "subnet subnet-group\n");
  EXPECT_EQ(Bash("cluster de"), "delete describe\n");
  EXPECT_EQ(Bash("cluster create x --no-m"), "--no-multi-az\n");
  EXPECT_EQ(Bash("cluster list -o j"), "json\n");
  EXPECT_EQ(Bash("completion f"), "fish\n");
  EXPECT_EQ(Bash("events --fo"), "--follow\n");
  EXPECT_EQ(Bash("events l"), "list\n");
}

TEST_F(CompletionTest, WhatCannotBeChangedYetIsNotProposed) {
  EXPECT_EQ(Bash("cluster modify orders --shar"), "\n");
  EXPECT_EQ(Bash("cluster modify orders --desc"), "--description\n");
  EXPECT_EQ(Bash("cluster create orders --shar"), "--shards\n");
}

TEST_F(CompletionTest, PrimariesAreChangedByName) {
  EXPECT_EQ(Bash("cluster sw"), "switchover\n");
  EXPECT_EQ(Bash("cluster switchover or"), "orders\n");
  EXPECT_EQ(Bash("cluster switchover orders --t"), "--to --timeout\n");
  EXPECT_EQ(Bash("cluster test-failover or"), "orders\n");
}

TEST_F(CompletionTest, BashAsksForLiveNames) {
  EXPECT_EQ(Bash("cluster delete or"), "orders\n");
  EXPECT_EQ(Bash("node list --cluster o"), "orders\n");
  EXPECT_EQ(Bash("cluster delete orders or"), "\n");
  EXPECT_EQ(Bash("--endpoint 127.0.0.1 : 7070 cluster delete or"), "orders\n");
}

TEST_F(CompletionTest, BashRunsNothingThatStandsInAName) {
  Bash("cluster delete ''");
  EXPECT_FALSE(fs::exists(directory_ / "pwned"));
}

TEST_F(CompletionTest, BashScriptParses) { Shell("bash -n script.bash"); }

TEST_F(CompletionTest, ZshScriptParsesAndProposes) {
  if (!Has("zsh")) GTEST_SKIP() << "no zsh";
  Shell("zsh -n script.zsh");
  Write("ask.zsh",
        "compdef() { :; }; compadd() { shift; print -- $@; }; source ./script.zsh\n"
        "words=(cachectl cluster delete or); CURRENT=4; _cachectl\n"
        "words=(cachectl cluster list -o j); CURRENT=5; _cachectl\n");
  const std::string proposed = Shell("zsh -f ask.zsh");
  EXPECT_NE(proposed.find("orders"), std::string::npos) << proposed;
  EXPECT_NE(proposed.find("table json names"), std::string::npos) << proposed;
  EXPECT_FALSE(fs::exists(directory_ / "pwned"));
}

TEST_F(CompletionTest, FishScriptParsesAndProposes) {
  if (!Has("fish")) GTEST_SKIP() << "no fish";
  Shell("fish -n script.fish");
  Write("ask.fish",
        "source ./script.fish; complete -C 'cachectl cluster delete or'; complete -C 'cachectl events --fo'");
  const std::string proposed = Shell("HOME=. fish --no-config ask.fish");
  EXPECT_NE(proposed.find("orders"), std::string::npos) << proposed;
  EXPECT_NE(proposed.find("--follow"), std::string::npos) << proposed;
}

}  // namespace
}  // namespace cacheplane::cli
