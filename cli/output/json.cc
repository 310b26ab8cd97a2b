#include "cli/output/json.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/type_resolver_util.h>

#include <memory>

namespace cacheplane::cli {
namespace {

namespace pb = google::protobuf;

// MessageToJsonString prints maps in the order of their hash table; the binary form can be had in key order.
std::string OrderedBinary(const pb::Message& message) {
  std::string binary;
  pb::io::StringOutputStream stream(&binary);
  pb::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return binary;
}

std::string Print(const pb::Message& message, bool whitespace) {
  static const std::unique_ptr<pb::util::TypeResolver> resolver(
      pb::util::NewTypeResolverForDescriptorPool("type.googleapis.com", pb::DescriptorPool::generated_pool()));
  pb::util::JsonPrintOptions options;
  options.add_whitespace = whitespace;
  options.always_print_primitive_fields = true;
  options.preserve_proto_field_names = true;
  std::string text;
  const std::string type = "type.googleapis.com/" + message.GetDescriptor()->full_name();
  const auto status = pb::util::BinaryToJsonString(resolver.get(), type, OrderedBinary(message), &text, options);
  if (!status.ok()) return "";
  if (text.empty() || text.back() != '\n') text += '\n';
  return text;
}

}  // namespace

std::string ToJson(const pb::Message& message) { return Print(message, true); }

std::string ToJsonLine(const pb::Message& message) { return Print(message, false); }

Status FromJson(const std::string& text, pb::Message& message) {
  const auto status = pb::util::JsonStringToMessage(text, &message);
  if (status.ok()) return {};
  return InvalidArgument(std::string(status.message()));
}

}  // namespace cacheplane::cli
