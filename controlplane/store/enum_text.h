// Enumerators are stored by the names the model gives them.
#pragma once

#include <initializer_list>
#include <string_view>

#include "common/check.h"

namespace cacheplane::store {

// The one of `all` with that name. Another text cannot be in the database: only names were ever written to it.
template <typename Enum>
Enum EnumNamed(std::string_view text, std::string_view (*name)(Enum), std::initializer_list<Enum> all) {
  for (const Enum value : all) {
    if (name(value) == text) return value;
  }
  CP_CHECK(!"an enumerator's name in the database");
  return *all.begin();
}

}  // namespace cacheplane::store
