// Bodies of requests: a form, and input by the shape of the operation that it names.
#include "controlplane/gateway/aws/wire/decode.h"
#include "tests/fuzz/fuzz.h"

namespace cacheplane::fuzz {
namespace {

using gateway::aws::ApiModel;
using gateway::aws::Decode;
using gateway::aws::Decoded;
using gateway::aws::Fault;
using gateway::aws::Form;
using gateway::aws::Json;
using gateway::aws::Kind;
using gateway::aws::ModelOperation;
using gateway::aws::Shape;

// The one that is named, or any: the input chooses.
const ModelOperation& OperationFor(const Form& form, std::size_t size) {
  const ApiModel& model = ApiModel::ElastiCache();
  const auto action = form.find("Action");
  const ModelOperation* named = action == form.end() ? nullptr : model.FindOperation(action->second);
  if (named != nullptr) return *named;
  auto any = model.operations().begin();
  std::advance(any, static_cast<std::ptrdiff_t>(size % model.operations().size()));
  return any->second;
}

void RequireFits(const Shape& shape, const Json& value);

void RequireMembersFit(const Shape& shape, const Json& value) {
  Require(value.is_object(), "a structure is an object");
  std::size_t known = 0;
  for (const auto& member : shape.members) {
    const auto found = value.find(member.name);
    Require(found != value.end() || !member.required, "a required member is there");
    if (found == value.end()) continue;
    ++known;
    RequireFits(*member.shape, *found);
  }
  Require(known == value.size(), "input has no members that its shape has not");
}

void RequireFits(const Shape& shape, const Json& value) {
  switch (shape.kind) {
    case Kind::kStructure: return RequireMembersFit(shape, value);
    case Kind::kList:
      Require(value.is_array(), "a list is an array");
      for (const Json& item : value) RequireFits(*shape.item, item);
      return;
    case Kind::kInteger: return Require(value.is_number_integer(), "an integer is one");
    case Kind::kDouble: return Require(value.is_number(), "a double is a number");
    case Kind::kBoolean: return Require(value.is_boolean(), "a boolean is one");
    case Kind::kString:
    case Kind::kTimestamp: break;
  }
  Require(value.is_string() && gateway::aws::IsXmlText(value.get_ref<const std::string&>()),
          "a text can be told again");
}

void DecodeBody(std::string_view body) {
  const auto form = gateway::aws::ParseForm(body);
  if (const auto* fault = std::get_if<Fault>(&form)) return RequireTellable(*fault);
  const Form& parameters = std::get<Form>(form);
  const ModelOperation& operation = OperationFor(parameters, body.size());
  const auto decoded = Decode(parameters, *operation.input);
  if (const auto* fault = std::get_if<Fault>(&decoded)) return RequireTellable(*fault);
  RequireFits(*operation.input, std::get<Decoded>(decoded).input);
  for (const std::string& name : std::get<Decoded>(decoded).unknown) {
    Require(parameters.contains(name), "what is unknown was sent");
  }
}

}  // namespace
}  // namespace cacheplane::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cacheplane::fuzz::DecodeBody(cacheplane::fuzz::TextOf(data, size));
  return 0;
}
