// Engines, versions, node types and parameter groups, on both sides of every rule.
#include <gtest/gtest.h>

#include "tests/unit/service/cases.h"

namespace cacheplane::service {
namespace {

const model::Host kValkey80 = HostOf("h", "a", 8 * kGibibyte, {{"valkey", "8.0.1"}});
const model::Host kValkey91 = HostOf("i", "a", 8 * kGibibyte, {{"valkey", "9.1.0"}, {"redis", "8.1.0"}});

TEST(ValidateEngine, Engine) {
  Check({
      Good("redis", [](Draft& d, Around&) { d.engine = "redis"; }),
      Good("in capitals", [](Draft& d, Around&) { d.engine = "Valkey"; }),
      Bad("unknown", R"(spec.engine: "mysql" is unknown; allowed: "valkey", "redis")",
          [](Draft& d, Around&) { d.engine = "mysql"; }),
  });
}

TEST(ValidateEngine, Version) {
  Check({
      Good("in the catalogue", [](Draft& d, Around&) { d.engine_version = "8.1"; }),
      Bad("of the other engine", R"(spec.engine_version: "6.0" is no version of valkey; allowed: "8.0", "8.1", "9.1")",
          [](Draft& d, Around&) { d.engine_version = "6.0"; }),
      Good("of ElastiCache's own", [](Draft& d, Around&) { d.engine = "redis", d.engine_version = "7.1"; }),
      Bad("unknown", R"(spec.engine_version: "7.2" is no version of redis; allowed: "6.0", "7.0", "7.1", "8.0")",
          [](Draft& d, Around&) { d.engine = "redis", d.engine_version = "7.2"; }),
      Bad("a patch release",
          R"(spec.engine_version: "8.0.1" names a patch release, which is chosen by the images on the agents; allowed: "8.0")",
          [](Draft& d, Around&) { d.engine_version = "8.0.1"; }),
  });
}

TEST(ValidateEngine, Images) {
  Check({
      Good("on an agent", [](Draft&, Around& a) { a.hosts = {kValkey80}; }),
      Bad("of other versions",
          R"(spec.engine_version: "8.1" of valkey has no image on any agent; allowed: "8.0", "9.1")",
          [](Draft& d, Around& a) {
            d.engine_version = "8.1", a.hosts = {kValkey80, kValkey91};
          }),
      Bad("of what another number stands for",
          R"(spec.engine_version: "7.1" of redis has no image on any agent; allowed: none yet)",
          [](Draft& d, Around& a) { d.engine = "redis", d.engine_version = "7.1", a.hosts = {kValkey80}; }),
      Bad("of an unknown version", R"(spec.engine_version: "7.2" is no version of valkey; allowed: "8.0", "9.1")",
          [](Draft& d, Around& a) {
            d.engine_version = "7.2", a.hosts = {kValkey80, kValkey91};
          }),
      Bad("nowhere", R"(spec.engine_version: "8.0" of valkey has no image on any agent; allowed: none yet)",
          [](Draft&, Around& a) { a.hosts = {HostOf("h", "a", 8 * kGibibyte, {})}; }),
  });
}

TEST(ValidateNodeType, Names) {
  Check({
      Bad("absent", R"(spec.node_type: is required; allowed: "cache.)", [](Draft& d, Around&) { d.node_type = ""; }),
      Bad("unknown", R"(spec.node_type: "cache.t4g.huge" is unknown; allowed: )",
          [](Draft& d, Around&) { d.node_type = "cache.t4g.huge"; }),
      Bad("retired", R"(spec.node_type: "cache.c1.xlarge" is not offered to new clusters; allowed: )",
          [](Draft& d, Around&) { d.node_type = "cache.c1.xlarge"; }),
  });
}

TEST(ValidateNodeType, Fits) {
  const Edit hosts_of_one_gibibyte = [](Draft&, Around& a) {
    a.hosts = {HostOf("small", "a", kGibibyte / 2, kValkey80.images), HostOf("big", "a", kGibibyte, kValkey80.images)};
  };
  Check({
      Bad("too large for every host",
          R"(spec.node_type: "cache.t4g.small" fits nowhere: it needs 1.37 GiB, and the largest host, big, offers 1.00 GiB)",
          hosts_of_one_gibibyte),
      Good("on the largest", [](Draft&, Around& a) { a.hosts = {kValkey80}; }),
  });
}

// "mine" exists and is this.
Edit Mine(const std::string& family, const std::map<std::string, std::string>& values) {
  return [=](Draft& d, Around& a) {
    d.parameter_group = "Mine";
    a.parameter_group = model::ParameterGroup{"mine", family, "", values};
  };
}

TEST(ValidateParameterGroup, OfTheFamily) {
  Check({
      Good("the default", [](Draft& d, Around&) { d.parameter_group = "Default.Valkey8"; }),
      Good("one's own", Mine("valkey8", {{"timeout", "60"}})),
      Bad("another family's default",
          R"(spec.parameter_group: "default.redis7" is of family "redis7", and valkey 8.0 takes parameters of family )"
          R"("valkey8"; allowed: groups of family "valkey8")",
          [](Draft& d, Around&) { d.parameter_group = "default.redis7"; }),
      Bad("of another family", R"(spec.parameter_group: "mine" is of family "valkey9", and valkey 8.0 takes )",
          Mine("valkey9", {})),
      Bad("unknown", ErrorCode::kNotFound,
          R"(spec.parameter_group: "mine" does not exist; allowed: groups of family "valkey8")",
          [](Draft& d, Around&) { d.parameter_group = "mine"; }),
  });
}

TEST(ValidateParameterGroup, WhatItAsksForCanBeHad) {
  Check({
      Bad("cluster mode", ErrorCode::kUnimplemented,
          R"(spec.parameter_group: "default.valkey8.cluster.on" is for cluster mode, which is not built yet; allowed: )",
          [](Draft& d, Around&) { d.parameter_group = "default.valkey8.cluster.on"; }),
      Good("most of the memory", Mine("valkey8", {{"reserved-memory", "1400000000"}})),
      Bad("all of the memory",
          R"(spec.parameter_group: "mine" does not suit cache.t4g.small: reserved-memory leaves no memory; allowed: )",
          Mine("valkey8", {{"reserved-memory", "2000000000"}})),
  });
}

}  // namespace
}  // namespace cacheplane::service
