#include "tests/unit/gateway_aws/xml_tree.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "controlplane/gateway/aws/wire/utf8.h"

namespace cacheplane::gateway::aws {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : whole_(text), rest_(text) {}

  XmlTree Document() {
    CheckCharacters();
    XmlTree root = Element();
    if (!rest_.empty()) Fail("something follows the root");
    return root;
  }

 private:
  void CheckCharacters() {
    if (!IsUtf8(whole_)) Fail("bytes that are no UTF-8");
    for (const char c : whole_) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < 0x20 && c != '\t' && c != '\n') Fail("a control character");
    }
    for (const std::string_view none : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"}) {
      if (whole_.find(none) != std::string_view::npos) Fail("a character that XML has not");
    }
  }

  XmlTree Element() {
    Expect("<");
    XmlTree element{Name(), "", {}};
    if (Take(" xmlns=\"")) {
      while (!rest_.starts_with('"')) element.text += Character();
      element.text.clear();
      Expect("\"");
    }
    Expect(">");
    while (!rest_.starts_with("</")) {
      if (rest_.starts_with('<')) {
        element.children.push_back(Element());
      } else {
        element.text += Character();
      }
    }
    Expect("</");
    Expect(element.name);
    Expect(">");
    return element;
  }

  std::string Name() {
    const auto end = std::min(rest_.find_first_of(" >"), rest_.size());
    const std::string name(rest_.substr(0, end));
    constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const bool starts_well = !name.empty() && kLetters.find(name.front()) != std::string_view::npos;
    if (!starts_well || name.find_first_of("<&\"'/!?") != std::string::npos) Fail("no name of an element");
    rest_.remove_prefix(end);
    return name;
  }

  std::string Character() {
    if (rest_.empty()) Fail("the end comes too early");
    static constexpr std::array<std::pair<std::string_view, const char*>, 6> kReferences = {
        {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&#xD;", "\r"}}};
    for (const auto& [reference, meaning] : kReferences) {
      if (Take(reference)) return meaning;
    }
    if (rest_.front() == '&' || rest_.front() == '<' || rest_.starts_with("]]>")) Fail("markup that is not escaped");
    const std::string plain(1, rest_.front());
    rest_.remove_prefix(1);
    return plain;
  }

  bool Take(std::string_view wanted) {
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(wanted.size());
    return true;
  }

  void Expect(std::string_view wanted) {
    if (!Take(wanted)) Fail("expected " + std::string(wanted));
  }

  [[noreturn]] void Fail(const std::string& why) const {
    throw std::runtime_error("at byte " + std::to_string(whole_.size() - rest_.size()) + ": " + why);
  }

  const std::string_view whole_;
  std::string_view rest_;
};

const XmlTree* Find(const XmlTree& tree, std::string_view name) {
  const auto found = std::find_if(tree.children.begin(), tree.children.end(),
                                  [&](const XmlTree& child) { return child.name == name; });
  return found == tree.children.end() ? nullptr : &*found;
}

}  // namespace

const XmlTree& XmlTree::At(std::string_view child) const {
  const XmlTree* found = Find(*this, child);
  if (found == nullptr) throw std::runtime_error(name + " has no " + std::string(child));
  return *found;
}

std::string XmlTree::TextAt(std::initializer_list<std::string_view> path) const {
  const XmlTree* at = this;
  for (const std::string_view step : path) {
    at = Find(*at, step);
    if (at == nullptr) return "";
  }
  return at->text;
}

XmlTree ParseXml(std::string_view document) { return Reader(document).Document(); }

}  // namespace cacheplane::gateway::aws
