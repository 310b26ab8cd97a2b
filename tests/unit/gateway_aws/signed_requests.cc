#include "tests/unit/gateway_aws/signed_requests.h"

#include <stdexcept>

namespace cacheplane::gateway::aws {
namespace {

constexpr const char* kDate = "20261123T010545Z";
constexpr const char* kForm = "application/x-www-form-urlencoded";

std::string Authorization(const std::string& region, const std::string& headers, const std::string& signature) {
  return "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261123/" + region +
         "/elasticache/aws4_request, SignedHeaders=" + headers + ", Signature=" + signature;
}

HttpRequest Post(std::string body, HttpHeaders headers) {
  headers.insert(headers.begin(), {"host", "127.0.0.1:7080"});
  headers.emplace_back("content-length", std::to_string(body.size()));
  headers.emplace_back("x-amz-date", kDate);
  return {.method = "POST", .path = "/", .query = "", .headers = std::move(headers), .body = std::move(body)};
}

}  // namespace

WallTime SignedAt() { return FromUnixMillis(1'795'395'945'000); }

HttpRequest SignedByBotocore() {
  return Post(
      "Action=CreateReplicationGroup&Version=2015-02-02&ReplicationGroupId=rg1&ReplicationGroupDescription=d+e+%26+f&"
      "NumCacheClusters=2&Tags.Tag.1.Key=team&Tags.Tag.1.Value=a",
      {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"},
       {"user-agent", "Botocore/1.43.11 ua/2.1 os/linux md/arch#x86_64 lang/python#3.11.7"},
       {"authorization", Authorization("eu-west-1", "content-type;host;x-amz-date",
                                       "43fd53aa6843f644a2f9b277eceed0530da7b0044fb694aca2b7cc45441aac86")},
       {"amz-sdk-invocation-id", "06dc3c58-7ffb-4814-a48c-6ac5f7e9fee8"},
       {"amz-sdk-request", "attempt=1"}});
}

HttpRequest SignedLikeGo() {
  return Post(
      "Action=DescribeUsers&UserId=u1&Version=2015-02-02",
      {{"amz-sdk-invocation-id", "5ddfb84e-6406-4edf-8a67-115e9c5e06ae"},
       {"amz-sdk-request", "attempt=1; max=25"},
       {"content-type", kForm},
       {"authorization",
        Authorization("us-east-1", "amz-sdk-invocation-id;amz-sdk-request;content-length;content-type;host;x-amz-date",
                      "0752a9789706708b34e4da4cb732a6bd8e143751abf3a96a7519179cac0feb7d")}});
}

HttpRequest SignedLikeJs() {
  return Post("Action=CreateUser&UserName=d%20e%20%26%20f&Version=2015-02-02",
              {{"x-amz-user-agent", "aws-sdk-js/3.1126.0"},
               {"amz-sdk-invocation-id", "ca6bf600-1040-444c-8ff2-e78de6e72b3c"},
               {"amz-sdk-request", "attempt=1; max=1"},
               {"content-type", kForm},
               {"x-amz-content-sha256", "5f192042c8affe56aa5b9bc6215e44a6fdfdd406d0e8aa6614f1b4ec27f2caa1"},
               {"authorization", Authorization("us-east-1",
                                               "amz-sdk-invocation-id;amz-sdk-request;content-length;content-type;host;"
                                               "x-amz-content-sha256;x-amz-date;x-amz-user-agent",
                                               "f30228bc5bb5a3b4bbe2a237a32bb3db2542085b9fa9f783aa74cc841011f79e")}});
}

HttpRequest SignedWithoutBody() {
  return Post(
      "Action=DescribeCacheClusters&Version=2015-02-02",
      {{"content-type", kForm},
       {"x-amz-content-sha256", "UNSIGNED-PAYLOAD"},
       {"authorization", Authorization("us-east-1", "content-length;content-type;host;x-amz-content-sha256;x-amz-date",
                                       "1b2190d9d7bbe2f64f9fabb59098cd705d0ca75fcae17a762736e9f09e739601")}});
}

std::string& HeaderOf(HttpRequest& request, const std::string& name) {
  for (auto& [header, value] : request.headers) {
    if (header == name) return value;
  }
  throw std::runtime_error("the request has no header " + name);
}

void RemoveHeader(HttpRequest& request, const std::string& name) {
  if (std::erase_if(request.headers, [&](const auto& header) { return header.first == name; }) == 0) {
    throw std::runtime_error("the request has no header " + name);
  }
}

void Replace(HttpRequest& request, const std::string& header, const std::string& what, const std::string& by) {
  std::string& value = HeaderOf(request, header);
  const std::size_t at = value.find(what);
  if (at == std::string::npos) throw std::runtime_error(header + " has no " + what);
  value.replace(at, what.size(), by);
}

}  // namespace cacheplane::gateway::aws
