// The launch specification as JSON: what goes in comes out, and nothing wrong gets through.
#include "cache-engine/launcher/spec.h"

#include <gtest/gtest.h>

#include <string>

namespace cacheplane::launcher {
namespace {

Spec ReplicaSpec() {
  Spec spec;
  spec.config.engine = "valkey";
  spec.config.full_version = "8.0.1";
  spec.config.family = "valkey8";
  spec.config.listen = {"127.20.0.7", 6379};
  spec.config.primary = engine::ListenAddress{"127.20.0.8", 6379};
  spec.config.node_memory_bytes = 5'000'000'000;
  spec.config.parameters = {{"maxmemory-policy", "allkeys-lru"}, {"timeout", "60"}};
  spec.config.internal_password = "p\"a\\ss";
  spec.image_directory = "/images/valkey-8.0.1";
  spec.data_directory = "/nodes/orders-001/data";
  spec.log_file = "/nodes/orders-001/engine.log";
  spec.uid = 70001;
  spec.max_open_files = 4096;
  return spec;
}

// The text of `spec` with one piece replaced.
std::string JsonWith(const std::string& from, const std::string& to, const Spec& spec = ReplicaSpec()) {
  std::string json = ToJson(spec);
  const std::size_t at = json.find(from);
  EXPECT_NE(at, std::string::npos) << from << " is not in " << json;
  return json.replace(at, from.size(), to);
}

void ExpectRefused(const std::string& json, const std::string& message) {
  const auto spec = ParseSpec(json);
  ASSERT_FALSE(spec.ok()) << json;
  EXPECT_EQ(spec.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(spec.error().message, message);
}

TEST(LaunchSpec, ComesBackFromJsonAsItWas) {
  const auto spec = ParseSpec(ToJson(ReplicaSpec()));
  ASSERT_TRUE(spec.ok()) << spec.error().message;
  EXPECT_EQ(ToJson(*spec), ToJson(ReplicaSpec()));
  EXPECT_EQ(spec->config.primary, ReplicaSpec().config.primary);
  EXPECT_EQ(spec->config.internal_password, "p\"a\\ss");
  EXPECT_EQ(spec->config.node_memory_bytes, 5'000'000'000);
  EXPECT_EQ(spec->uid, 70001u);
}

TEST(LaunchSpec, HasNoPrimaryForAReplicaOfNobody) {
  Spec alone = ReplicaSpec();
  alone.config.primary.reset();
  const auto spec = ParseSpec(ToJson(alone));
  ASSERT_TRUE(spec.ok()) << spec.error().message;
  EXPECT_EQ(spec->config.primary, std::nullopt);
}

// What agents before it wrote has none.
TEST(LaunchSpec, HasASocketOnlyWhereThereIsOne) {
  EXPECT_EQ(ToJson(ReplicaSpec()).find("unix_socket"), std::string::npos);
  Spec spec = ReplicaSpec();
  spec.config.unix_socket = "engine.sock";
  const auto parsed = ParseSpec(ToJson(spec));
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  EXPECT_EQ(parsed->config.unix_socket, "engine.sock");
}

TEST(LaunchSpec, NamesAnUnknownField) {
  ExpectRefused(JsonWith("\"uid\": 70001", "\"uid\": 70001, \"gid\": 1"), "gid is unknown");
  ExpectRefused(JsonWith("\"family\":", "\"famly\": \"\", \"family\":"), "config.famly is unknown");
  ExpectRefused(JsonWith("\"port\": 6379", "\"port\": 6379, \"tls\": true"), "config.listen.tls is unknown");
}

TEST(LaunchSpec, NamesAMissingField) {
  ExpectRefused("{}", "config is missing");
  ExpectRefused(JsonWith("\"max_open_files\": 4096,", ""), "max_open_files is missing");
  ExpectRefused(JsonWith("\"family\": \"valkey8\",", ""), "config.family is missing");
}

TEST(LaunchSpec, RefusesValuesOfTheWrongKind) {
  ExpectRefused("", "the specification is not JSON");
  ExpectRefused("[]", "the specification is not an object");
  ExpectRefused(JsonWith("70001", "\"70001\""), "uid is not an integer from 0 to 4294967294");
  ExpectRefused(JsonWith("\"60\"", "60"), "config.parameters.timeout is not a string");
  ExpectRefused(JsonWith("\"valkey8\"", "8"), "config.family is not a string");
}

TEST(LaunchSpec, RefusesWhatIsNoObjectWhereOneBelongs) {
  Spec plain = ReplicaSpec();
  plain.config.primary.reset();
  plain.config.parameters.clear();
  ExpectRefused(JsonWith("\"primary\": null", "\"primary\": []", plain), "config.primary is not an object");
  ExpectRefused(JsonWith("\"parameters\": {}", "\"parameters\": [1]", plain), "config.parameters is not an object");
  ExpectRefused(R"({"config": 1, "data_directory": "/d", "image_directory": "/i", "log_file": "/l", "uid": 1,
                    "max_open_files": 64})",
                "config is not an object");
}

TEST(LaunchSpec, RefusesValuesOutOfRange) {
  ExpectRefused(JsonWith("70001", "4294967295"), "uid is not an integer from 0 to 4294967294");
  ExpectRefused(JsonWith("70001", "-1"), "uid is not an integer from 0 to 4294967294");
  ExpectRefused(JsonWith("70001", "1.5"), "uid is not an integer from 0 to 4294967294");
  ExpectRefused(JsonWith("\"port\": 6379", "\"port\": 65536"), "config.listen.port is not an integer from 1 to 65535");
  ExpectRefused(JsonWith("\"valkey\"", "\"../sh\""), "config.engine '../sh' is not valkey or redis");
}

TEST(LaunchSpec, RefusesPathsThatDependOnWhereOneIs) {
  ExpectRefused(JsonWith("/nodes/orders-001/data", "data"), "data_directory is not an absolute path");
  ExpectRefused(JsonWith("/nodes/orders-001/engine.log", ""), "log_file is not an absolute path");
  ExpectRefused(JsonWith("/images/valkey", "/images\\nvalkey"), "image_directory is not an absolute path");
}

}  // namespace
}  // namespace cacheplane::launcher
