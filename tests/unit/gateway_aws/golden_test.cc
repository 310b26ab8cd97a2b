// Every request of golden/ gets, to the byte, the answer beside it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>

#include "tests/unit/gateway_aws/golden_cases.h"

namespace cacheplane::gateway::aws {
namespace {

constexpr const char* kRequestId = "00000000-0000-4000-8000-000000000000";

void ReplaceAll(std::string& text, const std::string& what, const std::string& by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

// The status, and the document with a line for each tag; request ids are made by chance and become zeroes.
std::string Shown(const HttpResponse& response) {
  std::string body = response.body;
  EXPECT_EQ(body.find(">\n<"), std::string::npos) << "such a line could not be told from ours";
  ReplaceAll(body, IdOf(response), kRequestId);
  ReplaceAll(body, "><", ">\n<");
  return fmt::format("{}\n{}\n", response.status, body);
}

std::filesystem::path ResponseOf(const GoldenCase& golden) {
  std::filesystem::path file = golden.file;
  return file.replace_extension(".response");
}

class Golden : public testing::TestWithParam<GoldenCase> {};

TEST_P(Golden, IsAnsweredToTheByte) {
  ServedApi api;
  Prepare(api, GetParam());
  const std::string answer = Shown(api.Post(GetParam().body));
  const std::filesystem::path file = ResponseOf(GetParam());
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::ofstream(file) << answer;
  } else {
    EXPECT_EQ(answer, ReadFile(file)) << GetParam().name << "; to take it as right: UPDATE_GOLDEN=1";
  }
}

std::string NameOf(const testing::TestParamInfo<GoldenCase>& info) {
  std::string name = info.param.name;
  ReplaceAll(name, "/", "_");
  return name;
}

INSTANTIATE_TEST_SUITE_P(Case, Golden, testing::ValuesIn(GoldenCases()), NameOf);

TEST(GoldenCases, EveryOperationThatIsBuiltHasOne) {
  std::set<std::string> built;
  std::set<std::string> told;
  ServedApi api;
  for (const auto& [action, handler] : api.table()) built.insert(action);
  for (const GoldenCase& golden : GoldenCases()) told.insert(golden.action);
  EXPECT_EQ(told, built);
}

TEST(GoldenCases, NoAnswerIsLeftWithoutItsRequest) {
  std::set<std::filesystem::path> answers;
  for (const GoldenCase& golden : GoldenCases()) answers.insert(ResponseOf(golden));
  for (const auto& entry : std::filesystem::recursive_directory_iterator(GOLDEN_FOLDER)) {
    const bool is_answer = entry.path().extension() == ".response";
    EXPECT_TRUE(!is_answer || answers.contains(entry.path())) << entry.path();
  }
}

}  // namespace
}  // namespace cacheplane::gateway::aws
