// What values must not be.
#include "tests/unit/gateway_aws/hostile/calls.h"

namespace cacheplane::gateway::aws {
namespace {

const Values& BadNumbers() {
  static const Values kNumbers = {{"empty", ""},
                                  {"letters", "seven"},
                                  {"a fraction", "1.5"},
                                  {"negative", "-1"},
                                  {"zero", "0"},
                                  {"the greatest", "2147483647"},
                                  {"the least", "-2147483648"},
                                  {"too great", "2147483648"},
                                  {"no number", "NaN"},
                                  {"endless", "inf"},
                                  {"in hexadecimal", "0x10"},
                                  {"with an exponent", "1e3"},
                                  {"with a blank", " 1"},
                                  {"with a plus", "+1"},
                                  {"of 64 bits and more", "99999999999999999999"}};
  return kNumbers;
}

const Values& BadBooleans() {
  static const Values kBooleans = {{"empty", ""},    {"yes", "yes"},  {"a number", "1"}, {"with a blank", "true "},
                                   {"loud", "TRUE"}, {"null", "null"}};
  return kBooleans;
}

const Values& BadTimes() {
  static const Values kTimes = {{"empty", ""},
                                {"a word", "yesterday"},
                                {"a 13th month", "2026-13-01T00:00:00Z"},
                                {"a day that is none", "2026-02-30T00:00:00Z"},
                                {"seconds since 1970", "1795000000"},
                                {"of the year 0", "0000-01-01T00:00:00Z"},
                                {"of the year 9999", "9999-12-31T23:59:59Z"},
                                {"of a year of five digits", "10000-01-01T00:00:00Z"},
                                {"with a tail", "2026-01-02T03:04:05Zx"}};
  return kTimes;
}

const Values& BadTexts() {
  static const Values kTexts = {{"empty", ""},
                                {"a blank", " "},
                                {"long", std::string(300, 'a')},
                                {"very long", std::string(70'000, 'a')},
                                {"control characters", "a\x01\x02\x1b[31mb"},
                                {"a NUL", std::string("a\0b", 3)},
                                {"line feeds", "a\r\nSet-Cookie: b\n"},
                                {"markup", "<a>&amp;\"']]><!--"},
                                {"other letters", "\xC3\xA9\xE2\x80\xAE\xF0\x9F\x98\x80"},
                                {"what XML cannot hold", "\xEF\xBF\xBF"},
                                {"a path", "../../etc/passwd"},
                                {"a format", "%s%n{}{0}"},
                                {"a query", "' OR 1=1 --"},
                                {"a negative number", "-1"}};
  return kTexts;
}

}  // namespace

const Values& BrokenUtf8() {
  static const Values kBytes = {{"a lone byte", "a\xFF"},
                                {"an overlong form", "\xC0\xAF"},
                                {"a surrogate", "\xED\xA0\x80"},
                                {"half a character", "\xE2\x82"}};
  return kBytes;
}

Values BadValues(const Shape& shape) {
  switch (shape.kind) {
    case Kind::kInteger:
    case Kind::kDouble: return BadNumbers();
    case Kind::kBoolean: return BadBooleans();
    case Kind::kTimestamp: return BadTimes();
    case Kind::kString:
    case Kind::kStructure:
    case Kind::kList: break;
  }
  Values values = BadTexts();
  if (!shape.allowed.empty()) values.emplace_back("in other letters", shape.allowed.front() + "X");
  return values;
}

}  // namespace cacheplane::gateway::aws
