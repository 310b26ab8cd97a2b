// UTF-8, as far as forms and XML need it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cacheplane::gateway::aws {

// Bytes of the first character of `text` (1 to 4); 0 when they are no UTF-8 (RFC 3629: shortest form, no surrogates) or
// there are none.
std::size_t CharacterLength(std::string_view text);

bool IsUtf8(std::string_view text);

// Whether a document of XML 1.0 (section 2.2) can hold that character, which is UTF-8: no control characters but tab,
// line feed and carriage return; no U+FFFE and U+FFFF.
bool XmlCanHold(std::string_view character);
// The same of every character of a text.
bool IsXmlText(std::string_view text);

// Whole characters of `text`, `bytes` of them or up to three more, and "…"; or `text` when it is no longer than that.
std::string Shortened(std::string_view text, std::size_t bytes);

}  // namespace cacheplane::gateway::aws
