#include "common/random_id.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <vector>

#include "common/check.h"

namespace cacheplane {

std::string RandomHex(std::size_t bytes) {
  std::vector<unsigned char> buffer(bytes);
  CP_CHECK(bytes <= 256);  // getrandom(2) never returns less than asked for up to 256 bytes
  CP_CHECK(getrandom(buffer.data(), bytes, 0) == static_cast<ssize_t>(bytes));
  std::string hex;
  for (const unsigned char byte : buffer) hex += fmt::format("{:02x}", byte);
  return hex;
}

}  // namespace cacheplane
