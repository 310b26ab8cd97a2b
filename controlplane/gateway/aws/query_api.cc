#include "controlplane/gateway/aws/query_api.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "controlplane/gateway/aws/ec2/shapes.h"
#include "controlplane/gateway/aws/wire/arn.h"

namespace cacheplane::gateway::aws {
namespace {

Shape Structure(std::string name, std::vector<Member> members) {
  Shape shape;
  shape.name = std::move(name);
  shape.kind = Kind::kStructure;
  shape.members = std::move(members);
  return shape;
}

ModelOperation CallerIdentityOperation() {
  static const Shape kText;
  static const Shape kInput = Structure("GetCallerIdentityRequest", {});
  static const Shape kOutput =
      Structure("GetCallerIdentityResponse", {{"UserId", &kText}, {"Account", &kText}, {"Arn", &kText}});
  return {"GetCallerIdentity", &kInput, &kOutput, "GetCallerIdentityResult"};
}

// An installation has access keys and no users behind them: the key is the user's name and id.
Answer CallerIdentity(const Call& call) {
  return Json{{"UserId", call.access_key},
              {"Account", kAccount},
              {"Arn", fmt::format("arn:aws:iam::{}:user/{}", kAccount, call.access_key)}};
}

}  // namespace

QueryApi ElastiCacheApi(HandlerTable handlers) {
  const ApiModel& model = ApiModel::ElastiCache();
  return {"elasticache", "2015-02-02", model.xml_namespace(),
          [&model](std::string_view action) { return model.FindOperation(action); }, std::move(handlers)};
}

QueryApi StsApi() {
  static const ModelOperation kOperation = CallerIdentityOperation();
  return {"sts",
          "2011-06-15",
          "https://sts.amazonaws.com/doc/2011-06-15/",
          [](std::string_view action) { return action == kOperation.name ? &kOperation : nullptr; },
          {{kOperation.name, AtOnce(CallerIdentity)}}};
}

QueryApi Ec2Api(HandlerTable handlers) {
  return {
      "ec2",        "2016-11-15", "http://ec2.amazonaws.com/doc/2016-11-15/", ec2::FindOperation, std::move(handlers),
      Dialect::kEc2};
}

}  // namespace cacheplane::gateway::aws
