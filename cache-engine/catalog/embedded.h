// The files of data/, compiled into the program.
#pragma once

#include <string_view>

namespace cacheplane::catalog {

// The text of data/<name>.json; stops the process when there is no such file.
std::string_view EmbeddedJson(std::string_view name);

}  // namespace cacheplane::catalog
