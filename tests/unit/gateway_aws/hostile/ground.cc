#include "tests/unit/gateway_aws/hostile/ground.h"

#include <cstdlib>
#include <fstream>

#include "common/text.h"
#include "controlplane/gateway/aws/exchange.h"

namespace cacheplane::gateway::aws {
namespace {

constexpr std::size_t kShownBytes = 600;

Form FormOf(const std::string& body) {
  Form form = std::get<Form>(ParseForm(body));
  form.emplace("Version", "2015-02-02");
  return form;
}

// Which operation the body is for; empty when nobody can tell.
std::string ActionIn(const std::string& body) {
  const auto form = ParseForm(body);
  if (!std::holds_alternative<Form>(form)) return "";
  const auto action = std::get<Form>(form).find("Action");
  return action == std::get<Form>(form).end() ? "" : action->second;
}

bool IsTaken(const GoldenCase& golden) {
  ServedApi api;
  Prepare(api, golden);
  return api.Post(golden.body).status == 200;
}

GoodCall OfNotBuilt(const std::string& action) {
  std::ifstream file(std::string(AWS_TEST_DATA) + "/request_bodies.json");
  return {nullptr, FormOf(Json::parse(file).at("bodies").at(action).get<std::string>()), false};
}

}  // namespace

std::vector<GoodCall> GoodCallsOf(const std::string& action) {
  std::vector<GoodCall> good;
  std::optional<GoodCall> first;
  for (const GoldenCase& golden : GoldenCases()) {
    if (golden.action != action) continue;
    const GoodCall call{&golden, FormOf(golden.body), IsTaken(golden)};
    if (call.taken) good.push_back(call);
    if (!first) first = call;
  }
  if (good.empty()) good.push_back(first ? *first : OfNotBuilt(action));
  return good;
}

ServedApi& Ground::Api(const GoldenCase* prepared) {
  if (api_ != nullptr && prepared_ == prepared) return *api_;
  api_ = std::make_unique<ServedApi>();
  prepared_ = prepared;
  if (prepared != nullptr) Prepare(*api_, *prepared);
  before_ = api_->Contents();
  return *api_;
}

void Ground::Make(const HostileCall& call, const GoldenCase* prepared) {
  if (!IsWanted(call.name)) return;
  ServedApi& api = Api(prepared);
  const HttpResponse response = api.Post(call.body);
  const std::string action = ActionIn(call.body);
  ++made_;
  const std::string shown = "\n  of: " + call.name + "\n  sent: " + call.body.substr(0, kShownBytes) +
                            "\n  answer: " + response.body.substr(0, kShownBytes);
  EXPECT_EQ(WhatIsWrong(response, CodesOf(action), call.blamed), "") << shown;
  EXPECT_TRUE(!call.must_fail || response.status != 200) << shown;
  const Stored after = api.Contents();
  const bool may_change = response.status == 200 && !IsReading(action);
  taken_ += response.status == 200 ? 1 : 0;
  EXPECT_EQ(may_change ? "" : Difference(before_, after), "") << shown;
  if (after == before_) return;
  EXPECT_EQ(api.Post("Action=DescribeReplicationGroups").status, 200) << shown;
  api.Pass(1);  // whoever carries it out survives it, too
  api_.reset();
}

std::uint64_t Seed() {
  const char* seed = std::getenv("HOSTILE_SEED");
  return seed == nullptr ? 20'261'128 : std::strtoull(seed, nullptr, 10);
}

bool IsWanted(const std::string& name) {
  const char* only = std::getenv("HOSTILE_ONLY");
  return only == nullptr || name.find(only) != std::string::npos;
}

}  // namespace cacheplane::gateway::aws
