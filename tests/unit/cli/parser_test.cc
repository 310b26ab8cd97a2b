#include "cli/args/parser.h"

#include <gtest/gtest.h>

#include "cli/commands/commands.h"
#include "common/text.h"

namespace cacheplane::cli {
namespace {

ParsedLine Parse(const std::string& line) {
  return ParseCommandLine(AllCommands(), line.empty() ? std::vector<std::string>() : Split(line, ' '));
}

Arguments ArgumentsOf(const ParsedLine& line) {
  const Invocation* invocation = std::get_if<Invocation>(&line);
  if (invocation != nullptr) return invocation->arguments;
  const UsageError* error = std::get_if<UsageError>(&line);
  ADD_FAILURE() << (error == nullptr ? "help" : error->message);
  return {};
}

std::string MessageOf(const ParsedLine& line) {
  const UsageError* error = std::get_if<UsageError>(&line);
  return error == nullptr ? "no error" : error->message;
}

std::string HintOf(const ParsedLine& line) {
  const UsageError* error = std::get_if<UsageError>(&line);
  return error == nullptr ? "no error" : error->hint;
}

TEST(Parser, ReadsValuesOfEveryKind) {
  const Arguments arguments = ArgumentsOf(
      Parse("cluster create orders --engine valkey --replicas 2 --multi-az --no-automatic-failover --zones a,b "
            "--zones c --tag x=1 --tag y=2 --timeout 90s --no-wait"));
  EXPECT_EQ(arguments.Text("NAME"), "orders");
  EXPECT_EQ(arguments.Text("engine"), "valkey");
  EXPECT_EQ(arguments.Number("replicas"), 2);
  EXPECT_EQ(arguments.Toggle("multi-az"), true);
  EXPECT_EQ(arguments.Toggle("automatic-failover"), false);
  EXPECT_EQ(arguments.Toggle("deletion-protection"), std::nullopt);
  EXPECT_EQ(arguments.List("zones"), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(arguments.List("tag"), (std::vector<std::string>{"x=1", "y=2"}));
  EXPECT_EQ(arguments.Duration("timeout"), std::chrono::seconds(90));
  EXPECT_TRUE(arguments.Has("no-wait"));
  EXPECT_FALSE(arguments.Has("validate-only"));
}

TEST(Parser, FlagsMayStandAnywhere) {
  for (const char* line : {"-o json cluster describe orders", "cluster -o json describe orders",
                           "cluster describe -o json orders", "cluster describe orders --output=json"}) {
    const Arguments arguments = ArgumentsOf(Parse(line));
    EXPECT_EQ(arguments.Text("output"), "json") << line;
    EXPECT_EQ(arguments.Text("NAME"), "orders") << line;
  }
}

TEST(Parser, AClusterMayHaveTheNameOfACommand) {
  for (const char* name : {"list", "node", "cluster", "events"}) {
    EXPECT_EQ(ArgumentsOf(Parse(std::string("cluster describe ") + name)).Text("NAME"), name);
  }
}

TEST(Parser, AnEmptyValueIsGiven) {
  const ParsedLine line =
      ParseCommandLine(AllCommands(), {"cluster", "modify", "x", "--description", "", "--zones", ""});
  EXPECT_EQ(ArgumentsOf(line).Text("description"), "");
  EXPECT_TRUE(ArgumentsOf(line).Has("zones"));
  EXPECT_TRUE(ArgumentsOf(line).List("zones").empty());
}

TEST(Parser, ValuesAreTakenAsTheyAre) {
  const ParsedLine line = ParseCommandLine(
      AllCommands(), {"cluster", "modify", "x", "--description", "-- a [b] 'c'", "--tag", "[k=v]", "--tag", "t=\"q\""});
  EXPECT_EQ(ArgumentsOf(line).Text("description"), "-- a [b] 'c'");
  EXPECT_EQ(ArgumentsOf(line).List("tag"), (std::vector<std::string>{"[k=v]", "t=\"q\""}));
}

TEST(Parser, WordsBehindDashesGoToTheClient) {
  EXPECT_EQ(ArgumentsOf(Parse("cluster connect orders -- GET --help -o")).Rest(),
            (std::vector<std::string>{"GET", "--help", "-o"}));
  EXPECT_EQ(MessageOf(Parse("cluster list -- x")), "nothing can follow \"--\" here");
}

TEST(Parser, SuggestsTheNearestCommand) {
  EXPECT_EQ(MessageOf(Parse("clutser list")), "unknown command \"clutser\"");
  EXPECT_EQ(HintOf(Parse("clutser list")), "did you mean `cachectl cluster`?");
  EXPECT_EQ(HintOf(Parse("--endpoint x:1 clutser list")), "did you mean `cachectl cluster`?");
  EXPECT_EQ(MessageOf(Parse("cluster crate x --replicas 2")), "unknown command \"cluster crate\"");
  EXPECT_EQ(HintOf(Parse("cluster crate x --replicas 2")), "did you mean `cachectl cluster create`?");
  EXPECT_EQ(HintOf(Parse("cluster frobnicate")), "see `cachectl cluster --help`");
  EXPECT_EQ(HintOf(Parse("events lits")), "did you mean `cachectl events list`?");
}

TEST(Parser, SuggestsTheNearestFlag) {
  EXPECT_EQ(MessageOf(Parse("cluster create x --replica 2")), "unknown flag \"--replica\"");
  EXPECT_EQ(HintOf(Parse("cluster create x --replica 2")), "did you mean `--replicas`?");
  EXPECT_EQ(HintOf(Parse("cluster list --outptu=json")), "did you mean `--output`?");
}

TEST(Parser, TheHelpOfModifyOffersOnlyWhatCanBeChanged) {
  const ParsedLine parsed = Parse("cluster modify --help");
  const std::string& help = std::get<HelpWanted>(parsed).text;
  for (const char* offered : {"--engine-version", "--node-type", "--parameter-group", "--replicas", "--multi-az",
                              "--automatic-failover", "--description", "--maintenance-window", "--security-groups",
                              "--deletion-protection", "--port", "--subnet-group", "--frozen"}) {
    EXPECT_NE(help.find(offered), std::string::npos) << offered;
  }
  for (const char* hidden : {"--shards", "--zones"}) {
    EXPECT_EQ(help.find(hidden), std::string::npos) << hidden;
  }
  // They are understood, so that the server can say why not; but not suggested.
  EXPECT_EQ(ArgumentsOf(Parse("cluster modify x --shards 3")).Number("shards"), 3);
  EXPECT_EQ(HintOf(Parse("cluster modify x --shard 3")), "see `cachectl cluster modify --help`");
}

TEST(Parser, NamesWhatIsMissing) {
  EXPECT_EQ(MessageOf(Parse("")), "a command is missing");
  EXPECT_EQ(MessageOf(Parse("agent")), "what to do with \"agent\" is missing: list, describe, cordon, uncordon, drain");
  EXPECT_EQ(MessageOf(Parse("cluster create")), "NAME is missing");
  EXPECT_EQ(MessageOf(Parse("completion")), "SHELL is missing");
  EXPECT_EQ(MessageOf(Parse("cluster create x --engine")), "--engine needs a value");
}

TEST(Parser, NamesWhatIsWrong) {
  EXPECT_EQ(MessageOf(Parse("cluster create x --replicas two")), "--replicas: \"two\" is not a whole number");
  EXPECT_EQ(MessageOf(Parse("cluster create x --timeout soon")),
            "--timeout: \"soon\" is not a duration such as 90s, 5m or 1h30m");
  EXPECT_EQ(MessageOf(Parse("cluster list -o xml")), "--output: \"xml\" is not one of table, json, names");
  EXPECT_EQ(MessageOf(Parse("completion tcsh")), "SHELL: \"tcsh\" is not one of bash, zsh, fish");
  EXPECT_EQ(MessageOf(Parse("cluster describe a b")), "unexpected word \"b\"");
  EXPECT_EQ(MessageOf(Parse("cluster create x --engine a --engine b")), "--engine is given twice");
  EXPECT_EQ(MessageOf(Parse("cluster create x --multi-az --no-multi-az")), "--multi-az is given twice");
  EXPECT_EQ(MessageOf(Parse("cluster create \xff")), "a word is not valid UTF-8");
}

// "--yes=false" must not delete anything.
TEST(Parser, ASwitchTakesNoValue) {
  EXPECT_EQ(MessageOf(Parse("cluster delete x --yes=false")), "--yes takes no value");
  EXPECT_EQ(ArgumentsOf(Parse("cluster create x --multi-az=false")).Toggle("multi-az"), false);
}

TEST(Parser, HelpIsForTheDeepestCommandNamed) {
  const auto help = [](const std::string& line) {
    const ParsedLine parsed = Parse(line);
    const HelpWanted* wanted = std::get_if<HelpWanted>(&parsed);
    return wanted == nullptr ? std::string("no help") : wanted->text.substr(0, wanted->text.find('\n'));
  };
  EXPECT_EQ(help("--help"), "cachectl: the command line of Cacheplane");
  EXPECT_EQ(help("cluster -h"), "Clusters: create, change, delete, look at, connect to");
  EXPECT_EQ(help("cluster create --help"), "Creates a cluster and waits until it serves");
  EXPECT_EQ(help("events --help"), "Events: what happened, listed or followed");
}

}  // namespace
}  // namespace cacheplane::cli
