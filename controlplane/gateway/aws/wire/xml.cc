#include "controlplane/gateway/aws/wire/xml.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "controlplane/gateway/aws/wire/utf8.h"

namespace cacheplane::gateway::aws {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

std::string_view Escaped(std::string_view character) {
  switch (character.front()) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\r': return "&#xD;";
    default: return XmlCanHold(character) ? character : kReplacement;
  }
}

// Of a text's beginning: what an element holds as it is.
std::size_t PlainLength(std::string_view text) {
  const auto special = std::find_if(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte >= 0x80 || c == '&' || c == '<' || c == '>' || c == '"';
  });
  return static_cast<std::size_t>(special - text.begin());
}

void AppendEscaped(std::string& escaped, std::string_view text) {
  while (true) {
    const std::size_t plain = PlainLength(text);
    escaped += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) return;
    const std::size_t length = CharacterLength(text);
    escaped += length == 0 ? kReplacement : Escaped(text.substr(0, length));
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
}

class Writer {
 public:
  explicit Writer(std::vector<std::string>& misfits) : misfits_(misfits) {}

  void Members(const Shape& shape, const Json& object) {
    std::size_t known = 0;
    for (const Member& member : shape.members) {
      const auto found = object.find(member.name);
      if (found == object.end()) continue;
      ++known;
      Element(member.name, *member.shape, *found);
    }
    if (known < object.size()) NoteUnknown(shape, object);
  }

  std::string Take() { return std::move(xml_); }

 private:
  void Element(const std::string& name, const Shape& shape, const Json& value) {
    path_.push_back(&name);
    if (Fits(shape.kind, value)) {
      Tag("<", name);
      Content(shape, value);
      Tag("</", name);
    } else {
      misfits_.push_back(Path());
    }
    path_.pop_back();
  }

  void Content(const Shape& shape, const Json& value) {
    if (shape.kind == Kind::kStructure) {
      Members(shape, value);
    } else if (shape.kind == Kind::kList) {
      for (const Json& item : value) Element(shape.item_name, *shape.item, item);
    } else {
      AppendEscaped(xml_, value.is_string() ? value.get_ref<const std::string&>() : value.dump());
    }
  }

  void Tag(std::string_view begin, const std::string& name) {
    xml_ += begin;
    xml_ += name;
    xml_ += '>';
  }

  void NoteUnknown(const Shape& shape, const Json& object) {
    for (const auto& [name, value] : object.items()) {
      const bool known = std::any_of(shape.members.begin(), shape.members.end(),
                                     [&, &wanted = name](const Member& member) { return member.name == wanted; });
      if (known) continue;
      path_.push_back(&name);
      misfits_.push_back(Path());
      path_.pop_back();
    }
  }

  std::string Path() const {
    std::string path;
    for (const std::string* name : path_) path += (path.empty() ? "" : ".") + *name;
    return path;
  }

  static bool Fits(Kind kind, const Json& value) {
    switch (kind) {
      case Kind::kStructure: return value.is_object();
      case Kind::kList: return value.is_array();
      case Kind::kString:
      case Kind::kTimestamp: return value.is_string();
      case Kind::kInteger: return value.is_number_integer();
      case Kind::kDouble: return value.is_number();
      case Kind::kBoolean: return value.is_boolean();
    }
    return false;
  }

  std::string xml_;
  std::vector<const std::string*> path_;  // of the element that is being written
  std::vector<std::string>& misfits_;
};

std::string WrapResult(const ModelOperation& operation, const std::string& members, std::string_view xml_namespace,
                       std::string_view request_id) {
  std::string content = members;
  if (operation.output != nullptr) content = fmt::format("<{0}>{1}</{0}>", operation.result_wrapper, members);
  return fmt::format(
      "<{0}Response xmlns=\"{1}\">{2}<ResponseMetadata><RequestId>{3}</RequestId></ResponseMetadata></{0}Response>",
      operation.name, xml_namespace, content, EscapeXml(request_id));
}

}  // namespace

std::string EscapeXml(std::string_view text) {
  std::string escaped;
  AppendEscaped(escaped, text);
  return escaped;
}

ResultDocument EncodeResult(const ModelOperation& operation, const Json& result, std::string_view xml_namespace,
                            std::string_view request_id, Dialect dialect) {
  ResultDocument document;
  Writer writer(document.misfits);
  static const Shape kNothing;
  static const Json kEmpty = Json::object();
  const Json& members = result.is_object() ? result : kEmpty;
  if (!result.is_object() && !result.is_null()) document.misfits.emplace_back("(the result is no object)");
  writer.Members(operation.output == nullptr ? kNothing : *operation.output, members);
  document.xml = dialect == Dialect::kQuery
                     ? WrapResult(operation, writer.Take(), xml_namespace, request_id)
                     : fmt::format("<{0}Response xmlns=\"{1}\"><requestId>{2}</requestId>{3}</{0}Response>",
                                   operation.name, xml_namespace, EscapeXml(request_id), writer.Take());
  return document;
}

std::string EncodeFault(const Fault& fault, std::string_view xml_namespace, std::string_view request_id,
                        Dialect dialect) {
  if (dialect == Dialect::kEc2) {
    return fmt::format(
        "<Response><Errors><Error><Code>{}</Code><Message>{}</Message></Error></Errors><RequestID>{}</RequestID>"
        "</Response>",
        EscapeXml(fault.code), EscapeXml(fault.message), EscapeXml(request_id));
  }
  return fmt::format(
      "<ErrorResponse xmlns=\"{}\"><Error><Type>{}</Type><Code>{}</Code><Message>{}</Message></Error>"
      "<RequestId>{}</RequestId></ErrorResponse>",
      xml_namespace, fault.http < 500 ? "Sender" : "Receiver", EscapeXml(fault.code), EscapeXml(fault.message),
      EscapeXml(request_id));
}

}  // namespace cacheplane::gateway::aws
