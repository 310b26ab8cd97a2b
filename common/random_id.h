// Random identifiers and secrets from the kernel's generator. Never called by the deciding core.
#pragma once

#include <cstddef>
#include <string>

namespace cacheplane {

// Lower-case hexadecimal digits of `bytes` random bytes.
std::string RandomHex(std::size_t bytes);

}  // namespace cacheplane
