// Answers: any text and any tree of a result become a document that a strict reader takes.
#include "controlplane/gateway/aws/wire/xml.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/gateway_aws/xml_tree.h"

namespace cacheplane::fuzz {
namespace {

using gateway::aws::ApiModel;
using gateway::aws::EscapeXml;
using gateway::aws::Json;
using gateway::aws::Kind;
using gateway::aws::ModelOperation;
using gateway::aws::ParseXml;
using gateway::aws::Shape;
using gateway::aws::XmlTree;

constexpr int kDeepest = 6;
constexpr std::size_t kLongestText = 40;

// Trees out of bytes; when these end, everything is empty.
class Maker {
 public:
  explicit Maker(std::string_view bytes) : rest_(bytes) {}

  std::uint8_t Byte() {
    if (rest_.empty()) return 0;
    const auto byte = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }

  // Sometimes of another kind than the shape says, as a handler's mistake would be.
  Json Value(const Shape& shape, int depth) {
    const std::uint8_t choice = Byte();
    if (choice % 16 == 15) return Stray(choice);
    if (depth > kDeepest) return nullptr;
    if (shape.kind == Kind::kStructure) return Members(shape, depth);
    if (shape.kind == Kind::kList) return Items(shape, depth);
    if (shape.kind == Kind::kBoolean) return choice % 2 == 0;
    if (shape.kind == Kind::kInteger) return static_cast<int>(choice) - 128;
    if (shape.kind == Kind::kDouble) return choice / 7.0;
    return Text();
  }

 private:
  Json Members(const Shape& shape, int depth) {
    Json object = Json::object();
    for (const auto& member : shape.members) {
      if (Byte() % 2 == 1) object[member.name] = Value(*member.shape, depth + 1);
    }
    if (Byte() % 32 == 31) object[Text()] = "nobody knows it";
    return object;
  }

  Json Items(const Shape& shape, int depth) {
    Json array = Json::array();
    for (int count = Byte() % 4; count > 0; --count) array.push_back(Value(*shape.item, depth + 1));
    return array;
  }

  Json Stray(std::uint8_t choice) {
    if (choice < 64) return nullptr;
    if (choice < 128) return Json::array({1, "x"});
    return choice < 192 ? Json::object({{Text(), 1}}) : Json(Text());
  }

  std::string Text() {
    const std::size_t length = Byte() % kLongestText;
    const std::string text(rest_.substr(0, length));
    rest_.remove_prefix(text.size());
    return text;
  }

  std::string_view rest_;
};

void CheckText(std::string_view text) {
  const XmlTree tree = ParseXml("<A>" + EscapeXml(text) + "</A>");
  Require(!gateway::aws::IsXmlText(text) || tree.text == text, "a text that XML can hold comes back as it was");
  const std::string whole(text);
  const XmlTree fault = ParseXml(gateway::aws::EncodeFault({whole, 400, whole}, "http://x/", whole));
  Require(fault.name == "ErrorResponse" && fault.children.size() == 2, "a fault is a document");
}

void CheckTree(std::string_view bytes) {
  Maker maker(bytes);
  auto operation = ApiModel::ElastiCache().operations().begin();
  std::advance(operation, maker.Byte() % ApiModel::ElastiCache().operations().size());
  const Shape* output = operation->second.output;
  const Json result = output == nullptr ? Json() : maker.Value(*output, 0);
  const auto document = gateway::aws::EncodeResult(operation->second, result, "http://x/", "id");
  const XmlTree tree = ParseXml(document.xml);
  Require(tree.name == operation->first + "Response", "a result is a document of its operation");
  Require(tree.TextAt({"ResponseMetadata", "RequestId"}) == "id", "a document has the id of the request");
}

}  // namespace
}  // namespace cacheplane::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cacheplane::fuzz::CheckText(cacheplane::fuzz::TextOf(data, size));
  cacheplane::fuzz::CheckTree(cacheplane::fuzz::TextOf(data, size));
  return 0;
}
