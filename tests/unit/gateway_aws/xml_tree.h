// A strict reader of the XML that we write: what it takes, every parser takes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cacheplane::gateway::aws {

struct XmlTree {
  std::string name;
  std::string text;  // of this element alone, references resolved
  std::vector<XmlTree> children;

  // The first child of that name; throws when there is none.
  const XmlTree& At(std::string_view child) const;
  // The text at that path of children; empty when there is none.
  std::string TextAt(std::initializer_list<std::string_view> path) const;
};

// Throws std::runtime_error, which says where, for what is not well-formed, for bytes that are no UTF-8 or that XML 1.0
// cannot hold, and for what we never write: comments, processing instructions, DTDs, other attributes than xmlns.
XmlTree ParseXml(std::string_view document);

}  // namespace cacheplane::gateway::aws
