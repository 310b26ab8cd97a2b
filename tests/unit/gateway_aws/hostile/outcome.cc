#include "tests/unit/gateway_aws/hostile/outcome.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "controlplane/gateway/aws/wire/embedded.h"
#include "tests/unit/gateway_aws/xml_tree.h"

namespace cacheplane::gateway::aws {
namespace {

constexpr std::size_t kLongestMessage = 12'000;  // bytes; whatever is sent

// Any operation may answer with these (AWS's common errors, and those of the Query protocol).
const std::set<std::string> kCommon = {"MalformedQueryString",  "MissingAction",
                                       "InvalidAction",         "MissingParameter",
                                       "InvalidParameterValue", "InvalidParameterCombination",
                                       "AccessDenied",          "MissingAuthenticationToken"};

std::map<std::string, std::set<std::string>> ReadCodes() {
  const auto model = nlohmann::json::parse(EmbeddedModel());
  std::map<std::string, std::set<std::string>> codes;
  for (const auto& [name, operation] : model.at("operations").items()) {
    codes[name] = kCommon;
    for (const auto& error : operation.value("errors", nlohmann::json::array())) {
      codes[name].insert(model.at("errors").at(error.get<std::string>()).at("code").get<std::string>());
    }
  }
  return codes;
}

std::string WrongFault(const XmlTree& tree, const std::set<std::string>& codes,
                       const std::vector<std::string>& blamed) {
  if (tree.name != "ErrorResponse") return "no error document";
  if (tree.TextAt({"Error", "Type"}) != "Sender") return "the fault is not the caller's";
  const std::string code = tree.TextAt({"Error", "Code"});
  if (!codes.contains(code)) return fmt::format("the code {} is not one of the operation's", code);
  const std::string message = tree.TextAt({"Error", "Message"});
  if (message.empty()) return "the message is empty";
  const bool names = blamed.empty() || std::any_of(blamed.begin(), blamed.end(), [&](const std::string& name) {
                       return message.find(name) != std::string::npos;
                     });
  if (!names) return "the message does not name the parameter";
  if (message.size() > kLongestMessage) return fmt::format("the message has {} bytes", message.size());
  return "";
}

std::string WrongDocument(const HttpResponse& response, const std::set<std::string>& codes,
                          const std::vector<std::string>& blamed) {
  const XmlTree tree = ParseXml(response.body);
  const bool ok = response.status == 200;
  const std::string id = ok ? tree.TextAt({"ResponseMetadata", "RequestId"}) : tree.TextAt({"RequestId"});
  if (id.empty() || response.headers != HttpHeaders{{"x-amzn-RequestId", id}}) return "no request id, or two";
  if (!ok) return WrongFault(tree, codes, blamed);
  return tree.name.ends_with("Response") && tree.name != "ErrorResponse" ? "" : "no document of a result";
}

}  // namespace

const std::set<std::string>& CodesOf(const std::string& action) {
  static const std::map<std::string, std::set<std::string>> kCodes = ReadCodes();
  const auto found = kCodes.find(action);
  return found == kCodes.end() ? kCommon : found->second;
}

std::string WhatIsWrong(const HttpResponse& response, const std::set<std::string>& codes,
                        const std::vector<std::string>& blamed) {
  if (response.status != 200 && (response.status < 400 || response.status > 499)) {
    return fmt::format("the status is {}", response.status);
  }
  if (response.content_type != "text/xml") return "the content type is " + response.content_type;
  try {
    return WrongDocument(response, codes, blamed);
  } catch (const std::exception& error) {
    return std::string("no XML: ") + error.what();
  }
}

}  // namespace cacheplane::gateway::aws
