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

TEST(ValidateParameterGroup, OnlyTheFamilysDefault) {
  Check({
      Good("the default", [](Draft& d, Around&) { d.parameter_group = "Default.Valkey8"; }),
      Bad("another family's",
          R"(spec.parameter_group: "default.redis7" is not for valkey 8.0; allowed: "default.valkey8")",
          [](Draft& d, Around&) { d.parameter_group = "default.redis7"; }),
      Bad("one's own", ErrorCode::kNotFound,
          R"(spec.parameter_group: "mine" does not exist; allowed: "default.valkey8")",
          [](Draft& d, Around&) { d.parameter_group = "mine"; }),
  });
}

}  // namespace
}  // namespace cacheplane::service
