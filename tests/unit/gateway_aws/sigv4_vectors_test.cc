// The published test suite of AWS Signature Version 4 ("aws-sig-v4-test-suite"): 2015-08-30T12:36:00Z, us-east-1,
// service "service".
#include <gtest/gtest.h>

#include "controlplane/gateway/aws/signing/sigv4.h"

namespace cacheplane::gateway::aws {
namespace {

constexpr const char* kSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

struct Vector {
  const char* name;
  const char* method;
  const char* path;
  const char* query;
  HttpHeaders headers;  // besides host and x-amz-date, all signed
  const char* body;
  const char* signature;
};

constexpr const char* kUnreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const std::string kUnreservedPath = std::string("/") + kUnreserved;
const std::string kUnreservedQuery = std::string(kUnreserved) + "=" + kUnreserved;
constexpr const char* kVanilla = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
constexpr const char* kVanillaPost = "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b";

const std::vector<Vector>& Vectors() {
  static const std::vector<Vector> kVectors = {
      {"get-vanilla", "GET", "/", "", {}, "", kVanilla},
      {"get-vanilla-query", "GET", "/", "", {}, "", kVanilla},
      {"get-relative", "GET", "/example/..", "", {}, "", kVanilla},
      {"get-relative-relative", "GET", "/example1/example2/../..", "", {}, "", kVanilla},
      {"get-slash", "GET", "//", "", {}, "", kVanilla},
      {"get-slash-dot-slash", "GET", "/./", "", {}, "", kVanilla},
      {"get-slashes",
       "GET",
       "//example//",
       "",
       {},
       "",
       "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"},
      {"get-space",
       "GET",
       "/example space/",
       "",
       {},
       "",
       "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"},
      {"get-utf8", "GET", "/ሴ", "", {}, "", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
      {"get-unreserved",
       "GET",
       kUnreservedPath.c_str(),
       "",
       {},
       "",
       "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
      {"get-vanilla-empty-query-key",
       "GET",
       "/",
       "Param1=value1",
       {},
       "",
       "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
      {"get-vanilla-query-order-key",
       "GET",
       "/",
       "Param2=value2&Param1=value1",
       {},
       "",
       "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
      {"get-vanilla-query-order-value",
       "GET",
       "/",
       "Param1=value2&Param1=value1",
       {},
       "",
       "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694"},
      {"get-vanilla-query-unreserved",
       "GET",
       "/",
       kUnreservedQuery.c_str(),
       {},
       "",
       "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
      {"get-vanilla-utf8-query",
       "GET",
       "/",
       "ሴ=bar",
       {},
       "",
       "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
      {"get-header-key-duplicate",
       "GET",
       "/",
       "",
       {{"my-header1", "value2"}, {"my-header1", "value2"}, {"my-header1", "value1"}},
       "",
       "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
      {"get-header-value-trim",
       "GET",
       "/",
       "",
       {{"my-header1", " value1"}, {"my-header2", " \"a   b   c\""}},
       "",
       "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
      {"post-vanilla", "POST", "/", "", {}, "", kVanillaPost},
      {"post-header-value-case",
       "POST",
       "/",
       "",
       {{"my-header1", "VALUE1"}},
       "",
       "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"},
      {"post-vanilla-query",
       "POST",
       "/",
       "Param1=value1",
       {},
       "",
       "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"},
      {"post-x-www-form-urlencoded",
       "POST",
       "/",
       "",
       {{"content-type", "application/x-www-form-urlencoded"}},
       "Param1=value1",
       "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
  };
  return kVectors;
}

HttpRequest RequestOf(const Vector& vector) {
  HttpRequest request{vector.method, vector.path, vector.query, vector.headers, vector.body};
  request.headers.emplace_back("host", "example.amazonaws.com");
  request.headers.emplace_back("x-amz-date", "20150830T123600Z");
  std::string names;
  for (const auto& [name, value] : request.headers) {
    if (names.find(name) == std::string::npos) names += (names.empty() ? "" : ";") + name;
  }
  request.headers.emplace_back("authorization",
                               "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                               "SignedHeaders=" +
                                   names + ", Signature=" + vector.signature);
  return request;
}

TEST(SigV4Vectors, EachIsGenuineAndNoneWithAnotherSecret) {
  for (const Vector& vector : Vectors()) {
    const HttpRequest request = RequestOf(vector);
    const auto read = ReadAuthorization(request);
    ASSERT_TRUE(std::holds_alternative<Authorization>(read)) << vector.name << ": " << std::get<Fault>(read).message;
    const auto& authorization = std::get<Authorization>(read);
    EXPECT_EQ(CheckSignature(request, authorization, kSecret), std::nullopt) << vector.name;
    EXPECT_NE(CheckSignature(request, authorization, "another"), std::nullopt) << vector.name;
  }
}

}  // namespace
}  // namespace cacheplane::gateway::aws
