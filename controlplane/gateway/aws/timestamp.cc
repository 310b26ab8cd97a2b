#include "controlplane/gateway/aws/timestamp.h"

#include <chrono>
#include <cstddef>

namespace cacheplane::gateway::aws {
namespace {

// Takes pieces from the front of a text; once one is not there, none is.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  // Exactly `digits` of them; -1 when they are not there.
  int Number(std::size_t digits) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
      if (i >= rest_.size() || rest_[i] < '0' || rest_[i] > '9') return Fail();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }
  bool Take(char expected) {
    if (rest_.empty() || rest_.front() != expected) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void Need(char expected) {
    if (!Take(expected)) Fail();
  }
  std::size_t Digits() {
    std::size_t count = 0;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
      rest_.remove_prefix(1);
      ++count;
    }
    return count;
  }
  bool AtEnd() const { return !failed_ && rest_.empty(); }

 private:
  int Fail() {
    failed_ = true;
    rest_ = {};
    return -1;
  }

  std::string_view rest_;
  bool failed_ = false;
};

bool Within(int value, int most) { return value >= 0 && value <= most; }

bool TakeDate(Scanner& scanner) {
  const int year = scanner.Number(4);
  scanner.Need('-');
  const int month = scanner.Number(2);
  scanner.Need('-');
  const int day = scanner.Number(2);
  if (year < 0 || month < 0 || day < 0) return false;
  return std::chrono::year_month_day(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                     std::chrono::day(static_cast<unsigned>(day)))
      .ok();
}

bool TakeHourAndMinute(Scanner& scanner) {
  const int hour = scanner.Number(2);
  scanner.Need(':');
  const int minute = scanner.Number(2);
  return Within(hour, 23) && Within(minute, 59);
}

bool TakeSeconds(Scanner& scanner) {
  scanner.Need(':');
  if (!Within(scanner.Number(2), 59)) return false;
  if (!scanner.Take('.')) return true;
  const std::size_t digits = scanner.Digits();
  return digits >= 1 && digits <= 9;
}

bool TakeZone(Scanner& scanner) {
  if (scanner.Take('Z')) return true;
  return (scanner.Take('+') || scanner.Take('-')) && TakeHourAndMinute(scanner);
}

}  // namespace

bool IsTimestamp(std::string_view text) {
  Scanner scanner(text);
  if (!TakeDate(scanner)) return false;
  scanner.Need('T');
  return TakeHourAndMinute(scanner) && TakeSeconds(scanner) && TakeZone(scanner) && scanner.AtEnd();
}

}  // namespace cacheplane::gateway::aws
