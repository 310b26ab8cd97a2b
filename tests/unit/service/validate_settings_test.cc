// Port, windows, retention, texts, tags and security groups, on both sides of every rule.
#include <gtest/gtest.h>

#include "tests/unit/service/cases.h"

namespace cacheplane::service {
namespace {

Edit Windows(const std::string& maintenance, const std::string& snapshot) {
  return [=](Draft& d, Around&) { d.maintenance_window = maintenance, d.snapshot_window = snapshot; };
}

Edit Tag(const std::string& key, const std::string& value) {
  return [=](Draft& d, Around&) { d.tags = {{key, value}}; };
}

Edit Tags(int count) {
  return [=](Draft& d, Around&) {
    for (int i = 0; i < count; ++i) d.tags.emplace("key" + std::to_string(i), "");
  };
}

TEST(ValidateSettings, Port) {
  Check({
      Good("lowest", [](Draft& d, Around&) { d.port = 1024; }),
      Good("highest", [](Draft& d, Around&) { d.port = 65535; }),
      Bad("privileged", "spec.port: 1023 is out of range; allowed: 1024 to 65535",
          [](Draft& d, Around&) { d.port = 1023; }),
      Bad("no port", "spec.port: 65536 is out of range", [](Draft& d, Around&) { d.port = 65536; }),
  });
}

TEST(ValidateSettings, Windows) {
  Check({
      Good("side by side", Windows("sun:05:00-sun:06:00", "06:00-07:00")),
      Bad("meeting", R"(spec.snapshot_window: "05:30-06:30" meets spec.maintenance_window "sun:05:00-sun:06:00")",
          Windows("sun:05:00-sun:06:00", "05:30-06:30")),
      Good("an hour", Windows("sun:05:00-sun:06:00", "")),
      Bad("a minute less", R"(spec.maintenance_window: "sun:05:00-sun:05:59" is no weekly window)",
          Windows("sun:05:00-sun:05:59", "")),
      Bad("no days", R"(spec.maintenance_window: "05:00-06:00" is no weekly window)", Windows("05:00-06:00", "")),
      Bad("a minute less a day", R"(spec.snapshot_window: "05:00-05:59" is no daily window)",
          Windows("", "05:00-05:59")),
      Bad("no time of day", R"(spec.snapshot_window: "24:00-25:00" is no daily window)", Windows("", "24:00-25:00")),
  });
}

TEST(ValidateSettings, Retention) {
  Check({
      Good("longest", [](Draft& d, Around&) { d.snapshot_retention_days = 35; }),
      Bad("longer", "spec.snapshot_retention_days: 36 is out of range; allowed: 0 to 35",
          [](Draft& d, Around&) { d.snapshot_retention_days = 36; }),
      Bad("negative", "spec.snapshot_retention_days: -1 is out of range",
          [](Draft& d, Around&) { d.snapshot_retention_days = -1; }),
  });
}

TEST(ValidateSettings, Description) {
  Check({
      Good("longest", [](Draft& d, Around&) { d.description = std::string(255, 'x'); }),
      Bad("longer", "spec.description: ", [](Draft& d, Around&) { d.description = std::string(256, 'x'); }),
      Bad("a line break", R"(spec.description: "a\x0ab" has a character that is not printable)",
          [](Draft& d, Around&) { d.description = "a\nb"; }),
  });
}

TEST(ValidateSettings, Tags) {
  Check({
      Good("fifty", Tags(50)),
      Bad("fifty-one", "spec.tags: 51 tags; allowed: at most 50", Tags(51)),
      Good("longest", Tag(std::string(128, 'k'), std::string(256, 'v'))),
      Good("no value", Tag("k", "")),
      Bad("a longer key", "spec.tags: ", Tag(std::string(129, 'k'), "")),
      Bad("a longer value", "spec.tags[\"k\"]: ", Tag("k", std::string(257, 'v'))),
      Bad("no key", "spec.tags: a key is empty", Tag("", "v")),
      Bad("a reserved key", R"(spec.tags: "AWS:x" has the reserved prefix)", Tag("AWS:x", "v")),
      Bad("a control character", "spec.tags[\"k\"]: ", Tag("k", "\x01")),
  });
}

TEST(ValidateSettings, SecurityGroups) {
  Check({
      Good("two",
           [](Draft& d, Around&) {
             d.security_groups = {"web", "default"};
           }),
      Bad("unknown", ErrorCode::kNotFound, R"(spec.security_groups: "db" does not exist)",
          [](Draft& d, Around&) {
            d.security_groups = {"web", "db"};
          }),
      Bad("twice", R"(spec.security_groups: "web" is named twice)",
          [](Draft& d, Around&) {
            d.security_groups = {"web", "WEB"};
          }),
  });
}

}  // namespace
}  // namespace cacheplane::service
