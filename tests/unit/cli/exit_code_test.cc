#include "cli/args/exit_code.h"

#include <gtest/gtest.h>

#include "cli/args/help.h"
#include "cli/commands/commands.h"
#include "common/file.h"

namespace cacheplane::cli {
namespace {

TEST(ExitCode, EveryErrorHasOne) {
  EXPECT_EQ(ExitCodeFor(ErrorCode::kInternal), ExitCode::kOperationFailed);
  EXPECT_EQ(ExitCodeFor(ErrorCode::kResourceExhausted), ExitCode::kOperationFailed);
  EXPECT_EQ(ExitCodeFor(ErrorCode::kUnauthenticated), ExitCode::kOperationFailed);
  EXPECT_EQ(ExitCodeFor(ErrorCode::kNotFound), ExitCode::kNotFound);
  EXPECT_EQ(ExitCodeFor(ErrorCode::kAlreadyExists), ExitCode::kConflict);
  EXPECT_EQ(ExitCodeFor(ErrorCode::kFailedPrecondition), ExitCode::kConflict);
  EXPECT_EQ(ExitCodeFor(ErrorCode::kAborted), ExitCode::kConflict);
  EXPECT_EQ(ExitCodeFor(ErrorCode::kDeadlineExceeded), ExitCode::kTimeout);
  EXPECT_EQ(ExitCodeFor(ErrorCode::kUnavailable), ExitCode::kUnreachable);
  EXPECT_EQ(ExitCodeFor(ErrorCode::kInvalidArgument), ExitCode::kInvalidArgument);
  EXPECT_EQ(ExitCodeFor(ErrorCode::kUnimplemented), ExitCode::kNotBuiltYet);
}

// Scripts rely on these numbers.
TEST(ExitCode, NumbersAreFixed) {
  std::vector<int> codes;
  for (const ExitCodeRow& row : ExitCodeTable()) codes.push_back(static_cast<int>(row.code));
  EXPECT_EQ(codes, (std::vector<int>{0, 1, 3, 4, 5, 6, 7, 8, 130, 252}));
}

TEST(ExitCode, TheManualHasTheSameTable) {
  const Result<std::string> manual = ReadFile(CACHEPLANE_MANUAL);
  ASSERT_TRUE(manual.ok());
  for (const ExitCodeRow& row : ExitCodeTable()) {
    const std::string line = "\n| " + std::to_string(static_cast<int>(row.code)) + " | " + row.meaning + " |\n";
    EXPECT_NE(manual->find(line), std::string::npos) << line;
  }
}

TEST(Help, RootShowsEveryExitCodeAndNoun) {
  const std::string help = RootHelp(AllCommands());
  for (const ExitCodeRow& row : ExitCodeTable()) EXPECT_NE(help.find(row.meaning), std::string::npos) << row.meaning;
  for (const Noun& noun : AllCommands().nouns) EXPECT_NE(help.find(noun.summary), std::string::npos) << noun.name;
}

TEST(Help, EveryCommandHasTwoExamplesThatNameIt) {
  for (const Command& command : AllCommands().commands) {
    EXPECT_EQ(command.examples.size(), 2U) << command.noun << " " << command.verb;
    const std::string words = "cachectl " + command.noun + (command.verb.empty() ? "" : " " + command.verb);
    for (const std::string& example : command.examples) EXPECT_NE(example.find(words), std::string::npos) << example;
    EXPECT_NE(CommandHelp(command).find(command.examples.back()), std::string::npos);
  }
}

TEST(Help, EveryNounHasACommandAndEveryCommandANoun) {
  const CommandTable& table = AllCommands();
  for (const Noun& noun : table.nouns) {
    EXPECT_TRUE(table.Find(noun.name, "") != nullptr || !table.Verbs(noun.name).empty()) << noun.name;
  }
  for (const Command& command : table.commands) EXPECT_NE(table.FindNoun(command.noun), nullptr) << command.noun;
}

}  // namespace
}  // namespace cacheplane::cli
