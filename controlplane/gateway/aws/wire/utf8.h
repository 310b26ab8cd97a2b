// UTF-8, as far as forms and XML need it.
#pragma once

#include <cstddef>
#include <string_view>

namespace cacheplane::gateway::aws {

// Bytes of the first character of `text` (1 to 4); 0 when they are no UTF-8 (RFC 3629: shortest form, no surrogates) or
// there are none.
std::size_t CharacterLength(std::string_view text);

bool IsUtf8(std::string_view text);

}  // namespace cacheplane::gateway::aws
