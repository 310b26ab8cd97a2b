#include "controlplane/gateway/aws/wire/form.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cacheplane::gateway::aws {
namespace {

Form Parsed(const std::string& body) {
  auto form = ParseForm(body);
  EXPECT_TRUE(std::holds_alternative<Form>(form)) << body << ": " << std::get<Fault>(form).message;
  return std::get<Form>(form);
}

TEST(FormTest, NamesAndValuesAreDecoded) {
  struct Case {
    std::string body;
    Form form;
  };
  const std::vector<Case> cases = {
      {"", {}},
      {"&&", {}},
      {"A=1&B=2", {{"A", "1"}, {"B", "2"}}},
      {"A=a+b%20c", {{"A", "a b c"}}},
      {"A=%2B%26%3D%25", {{"A", "+&=%"}}},
      {"A=x=y", {{"A", "x=y"}}},
      {"A", {{"A", ""}}},
      {"A=&B", {{"A", ""}, {"B", ""}}},
      {"&A=1&", {{"A", "1"}}},
      {"Tags%2eTag.1.Key=k", {{"Tags.Tag.1.Key", "k"}}},
      {"A=%c3%A9%E2%82%AC%F0%9F%98%80", {{"A", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"}}},
      {"AccessString=on+~app%3A%2A+%2B%40read", {{"AccessString", "on ~app:* +@read"}}},
      {"a=1&A=2", {{"A", "2"}, {"a", "1"}}},
  };
  for (const auto& [body, form] : cases) EXPECT_EQ(Parsed(body), form) << body;
}

TEST(FormTest, WhatIsNoFormIsRefused) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"A=%", "hexadecimal"},
      {"A=%4", "hexadecimal"},
      {"A=%zz", "hexadecimal"},
      {"A=%+1", "hexadecimal"},
      {"A=%-1", "hexadecimal"},
      {"A=%0x41", "hexadecimal"},
      {"%4=1", "hexadecimal"},
      {"=1", "no name"},
      {"A=%FF", "not UTF-8"},
      {"A=%C0%80", "not UTF-8"},
      {"A=%ED%A0%80", "not UTF-8"},
      {"A=%F4%90%80%80", "not UTF-8"},
      {"A=%E2%82", "not UTF-8"},
      {"A=\x80", "not UTF-8"},
      {"%FF=1", "not UTF-8"},
      {"A=1&A=1", "more than once"},
      {"A=1&B=2&%41=3", "\"A\": given more than once"},
  };
  for (const auto& [body, reason] : cases) {
    const auto form = ParseForm(body);
    ASSERT_TRUE(std::holds_alternative<Fault>(form)) << body;
    const Fault& fault = std::get<Fault>(form);
    EXPECT_EQ(fault.code, "MalformedQueryString");
    EXPECT_EQ(fault.http, 400);
    EXPECT_NE(fault.message.find(reason), std::string::npos) << body << ": " << fault.message;
  }
}

TEST(FormTest, ParametersAreCounted) {
  std::string body;
  for (std::size_t i = 0; i < kMaxParameters; ++i) body += "A" + std::to_string(i) + "=&";
  EXPECT_EQ(Parsed(body).size(), kMaxParameters);
  const auto form = ParseForm(body + "B=");
  ASSERT_TRUE(std::holds_alternative<Fault>(form));
  EXPECT_NE(std::get<Fault>(form).message.find("at most 5000"), std::string::npos);
}

TEST(FormTest, LongValuesAreCutBetweenCharacters) {
  EXPECT_EQ(Quoted("a b"), "\"a b\"");
  const std::string euros = [] {
    std::string text;
    for (int i = 0; i < 100; ++i) text += "\xE2\x82\xAC";
    return text;
  }();
  EXPECT_EQ(Quoted(euros), "\"" + euros.substr(0, 102) + "…\"");
}

}  // namespace
}  // namespace cacheplane::gateway::aws
