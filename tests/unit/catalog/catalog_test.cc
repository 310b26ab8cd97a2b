#include "cache-engine/catalog/catalog.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "common/text.h"

namespace cacheplane::catalog {
namespace {

const Parameter* Find(std::string_view family, std::string_view name) {
  const auto& all = ParametersOf(family);
  const auto found = std::find_if(all.begin(), all.end(), [&](const Parameter& row) { return row.name == name; });
  return found == all.end() ? nullptr : &*found;
}

TEST(EngineVersions, AreThoseThatThereAreImagesOf) {
  std::vector<std::string> names;
  for (const EngineVersion& row : EngineVersions()) names.push_back(row.engine + " " + row.version + " " + row.family);
  EXPECT_EQ(names, (std::vector<std::string>{"valkey 8.0 valkey8", "valkey 8.1 valkey8", "valkey 9.1 valkey9",
                                             "redis 6.0 redis6.x", "redis 7.0 redis7", "redis 8.0 redis8"}));
}

TEST(EngineVersions, HaveOneDefaultForEachEngine) {
  EXPECT_EQ(DefaultEngineVersion("valkey")->version, "8.0");
  EXPECT_EQ(DefaultEngineVersion("redis")->version, "7.0");
  EXPECT_EQ(DefaultEngineVersion("memcached"), nullptr);
  EXPECT_EQ(
      std::count_if(EngineVersions().begin(), EngineVersions().end(), [](const auto& row) { return row.is_default; }),
      2);
}

TEST(EngineVersions, AreFoundByMinorVersionOnly) {
  EXPECT_EQ(FindEngineVersion("valkey", "9.1")->family, "valkey9");
  EXPECT_EQ(FindEngineVersion("valkey", "7.2"), nullptr);
  EXPECT_EQ(FindEngineVersion("valkey", "8.0.1"), nullptr);
  EXPECT_EQ(FindEngineVersion("", ""), nullptr);
}

TEST(VersionAliases, StandForVersionsAndAreNone) {
  ASSERT_FALSE(VersionAliases().empty());
  for (const VersionAlias& alias : VersionAliases()) {
    EXPECT_NE(FindEngineVersion(alias.engine, alias.version), nullptr) << alias.alias;
    EXPECT_EQ(FindEngineVersion(alias.engine, alias.alias), nullptr) << alias.alias;
    EXPECT_EQ(FindVersionAlias(alias.engine, alias.alias), &alias) << "there is one of each";
  }
  EXPECT_EQ(FindVersionAlias("redis", "7.1")->version, "7.0");
  EXPECT_EQ(FindVersionAlias("valkey", "7.1"), nullptr);
  EXPECT_EQ(FindVersionAlias("valkey", "7.2"), nullptr) << "a version of Valkey's own, which there is not";
}

TEST(MinorOf, DropsThePatch) {
  EXPECT_EQ(MinorOf("8.0.1"), "8.0");
  EXPECT_EQ(MinorOf("8.0"), "8.0");
  EXPECT_EQ(MinorOf("8"), "8");
  EXPECT_EQ(MinorOf(""), "");
}

TEST(NodeTypes, AreAllThatElastiCacheHas) {
  EXPECT_EQ(NodeTypes().size(), 112u);
  const NodeType* small = FindNodeType("cache.t4g.small");
  ASSERT_NE(small, nullptr);
  EXPECT_EQ(small->vcpu, 2);
  EXPECT_EQ(small->memory_bytes, 1471026299);
  EXPECT_TRUE(small->current_generation);
  EXPECT_TRUE(small->new_clusters_allowed);
  EXPECT_FALSE(FindNodeType("cache.m1.small")->new_clusters_allowed);
  EXPECT_EQ(FindNodeType("cache.t9.huge"), nullptr);
}

TEST(NodeTypes, AreInOrderOfFamilyAndSize) {
  std::set<std::string> names;
  const NodeType* before = nullptr;
  for (const NodeType& type : NodeTypes()) {
    EXPECT_TRUE(names.insert(type.name).second) << type.name;
    EXPECT_GT(type.vcpu, 0);
    EXPECT_GT(type.memory_bytes, 0);
    const auto order = [](const NodeType& row) { return std::tuple(Split(row.name, '.').at(1), row.memory_bytes); };
    if (before != nullptr) {
      EXPECT_LT(order(*before), order(type)) << type.name;
    }
    before = &type;
  }
}

TEST(Parameters, HaveElastiCachesDefaults) {
  EXPECT_EQ(Find("valkey8", "maxmemory-policy")->default_value, "volatile-lru");
  EXPECT_EQ(Find("valkey8", "repl-backlog-size")->default_value, "10485760");
  EXPECT_EQ(Find("redis7", "repl-backlog-size")->default_value, "1048576");
  EXPECT_EQ(Find("redis6.x", "hash-max-listpack-entries"), nullptr);
  EXPECT_NE(Find("redis6.x", "hash-max-ziplist-entries"), nullptr);
  EXPECT_EQ(Find("valkey8", "commandlog-reply-larger-than")->since, "8.1");
  EXPECT_TRUE(Find("valkey8", "databases")->needs_restart);
  EXPECT_TRUE(ParametersOf("memcached1.6").empty());
}

TEST(Parameters, ReachTheEngineOnlyByDirectivesItHas) {
  for (const char* name : {"close-on-replica-write", "reserved-memory", "reserved-memory-percent", "maxmemory",
                           "replica-allow-chaining", "rename-commands"}) {
    EXPECT_EQ(Find("valkey8", name)->directive, "") << name;
  }
  EXPECT_EQ(Find("valkey8", "client-output-buffer-limit-pubsub-hard-limit")->directive, "client-output-buffer-limit");
}

TEST(Families, AreThoseOfTheVersions) {
  EXPECT_EQ(Families(), (std::vector<std::string>{"redis6.x", "redis7", "redis8", "valkey8", "valkey9"}));
}

TEST(Parameters, AreWholeInEveryFamily) {
  for (const EngineVersion& version : EngineVersions()) {
    std::set<std::string> names;
    for (const Parameter& row : ParametersOf(version.family)) {
      EXPECT_TRUE(names.insert(row.name).second) << row.name;
      EXPECT_TRUE(row.type == "integer" || row.type == "string") << row.name;
      EXPECT_FALSE(row.since.empty()) << row.name;
      EXPECT_FALSE(row.description.empty()) << row.name;
      const bool valid = ValidateParameter(version.family, row.name, row.default_value).ok();
      EXPECT_EQ(valid, row.modifiable) << row.name;
    }
    EXPECT_GT(names.size(), 60u) << version.family;
  }
}

}  // namespace
}  // namespace cacheplane::catalog
