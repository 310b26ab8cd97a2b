// No member of an answer is forgotten: each is filled in one of golden/, or golden/unfilled.txt says why not.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "common/text.h"
#include "controlplane/gateway/aws/wire/model.h"
#include "tests/unit/gateway_aws/golden_cases.h"
#include "tests/unit/gateway_aws/xml_tree.h"

namespace cacheplane::gateway::aws {
namespace {

using Names = std::set<std::string>;  // "ReplicationGroup.ARN"

// Every member of every structure that an answer of that shape may have.
void AddMembers(const Shape& shape, Names& members) {
  if (shape.kind == Kind::kList) return AddMembers(*shape.item, members);
  for (const Member& member : shape.members) {
    if (members.insert(shape.name + "." + member.name).second) AddMembers(*member.shape, members);
  }
}

// Those that `tree` has, with something in them.
bool AddFilled(const Shape& shape, const XmlTree& tree, Names& filled);

bool AddFilledMembers(const Shape& shape, const XmlTree& tree, Names& filled) {
  bool any = false;
  for (const XmlTree& child : tree.children) {
    for (const Member& member : shape.members) {
      if (member.name != child.name || !AddFilled(*member.shape, child, filled)) continue;
      filled.insert(shape.name + "." + member.name);
      any = true;
    }
  }
  return any;
}

bool AddFilled(const Shape& shape, const XmlTree& tree, Names& filled) {
  if (shape.kind == Kind::kStructure) return AddFilledMembers(shape, tree, filled);
  if (shape.kind != Kind::kList) return !tree.text.empty();
  for (const XmlTree& item : tree.children) AddFilled(*shape.item, item, filled);
  return !tree.children.empty();
}

Names Expected() {
  Names members;
  ServedApi api;
  for (const auto& [action, handler] : api.table()) {
    const ModelOperation& operation = *ApiModel::ElastiCache().FindOperation(action);
    if (operation.output != nullptr) AddMembers(*operation.output, members);
  }
  return members;
}

Names Filled() {
  Names filled;
  for (const GoldenCase& golden : GoldenCases()) {
    ServedApi api;
    Prepare(api, golden);
    const HttpResponse response = api.Post(golden.body);
    const ModelOperation& operation = *ApiModel::ElastiCache().FindOperation(golden.action);
    if (response.status != 200 || operation.output == nullptr) continue;
    AddFilled(*operation.output, ParseXml(response.body).At(operation.result_wrapper), filled);
  }
  return filled;
}

// By member, or by "Shape.*", why nothing is in it.
std::map<std::string, std::string> Reasons() {
  std::map<std::string, std::string> reasons;
  for (const std::string& line : Split(ReadFile(std::string(GOLDEN_FOLDER) + "/unfilled.txt"), '\n')) {
    if (line.empty() || line.front() == '#') continue;
    const auto colon = line.find(": ");
    if (colon == std::string::npos) throw std::runtime_error("no reason in: " + line);
    reasons[line.substr(0, colon)] = line.substr(colon + 2);
  }
  return reasons;
}

std::string AllOf(const std::string& member) { return member.substr(0, member.find('.')) + ".*"; }

TEST(GoldenCoverage, EveryMemberIsFilledOrHasAReasonNotToBe) {
  const Names filled = Filled();
  const auto reasons = Reasons();
  for (const std::string& member : Expected()) {
    const bool excused = reasons.contains(member) || reasons.contains(AllOf(member));
    EXPECT_TRUE(filled.contains(member) || excused) << member << " is empty in every answer of golden/";
  }
}

TEST(GoldenCoverage, ReasonsAreOfMembersThatAreEmpty) {
  const Names filled = Filled();
  Names known;
  for (const std::string& member : Expected()) {
    known.insert(member);
    known.insert(AllOf(member));
  }
  const auto reasons = Reasons();
  for (const auto& [member, reason] : reasons) EXPECT_TRUE(known.contains(member)) << member << " is in no answer";
  for (const std::string& member : filled) {
    EXPECT_FALSE(reasons.contains(member) || reasons.contains(AllOf(member))) << member << " is filled";
  }
}

}  // namespace
}  // namespace cacheplane::gateway::aws
