#include "cache-engine/launcher/spec.h"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "common/text.h"

namespace cacheplane::launcher {
namespace {

using Json = nlohmann::json;

// Left out where there is none, as in all serving nodes: an agent reads what earlier ones wrote.
constexpr char kUnixSocket[] = "unix_socket";

Json ToObject(const engine::ListenAddress& address) { return {{"address", address.address}, {"port", address.port}}; }

Json ToObject(const engine::ConfigRequest& config) {
  Json object = {
      {"engine", config.engine},
      {"full_version", config.full_version},
      {"family", config.family},
      {"listen", ToObject(config.listen)},
      {"primary", config.primary ? ToObject(*config.primary) : Json()},
      {"node_memory_bytes", config.node_memory_bytes},
      {"parameters", config.parameters},
      {"internal_password", config.internal_password},
  };
  if (!config.unix_socket.empty()) object[kUnixSocket] = config.unix_socket;
  return object;
}

// Takes fields out of a JSON object by name. The first thing wrong is kept, later ones are not reached for: callers
// read every field and ask once, with Done().
class Fields {
 public:
  // `prefix` is what comes before a field's name in a message: "config.listen.", or nothing.
  Fields(const Json& object, std::string prefix) : object_(object), prefix_(std::move(prefix)) {
    const std::string name = prefix_.empty() ? "the specification" : prefix_.substr(0, prefix_.size() - 1);
    if (!object_.is_object()) Complain(name, "is not an object");
  }

  // Null when the field is missing.
  const Json* Take(const std::string& name) {
    if (error_) return nullptr;
    taken_.insert(name);
    const auto found = object_.find(name);
    if (found != object_.end()) return &*found;
    Complain(prefix_ + name, "is missing");
    return nullptr;
  }

  std::string Text(const std::string& name) {
    const Json* value = Take(name);
    if (value != nullptr && !value->is_string()) Complain(prefix_ + name, "is not a string");
    return error_ ? "" : value->get<std::string>();
  }

  std::int64_t Integer(const std::string& name, std::int64_t low, std::int64_t high) {
    const Json* value = Take(name);
    if (value == nullptr) return low;
    const bool fits = value->is_number_unsigned() ? value->get<std::uint64_t>() <= static_cast<std::uint64_t>(high)
                                                  : value->is_number_integer() && value->get<std::int64_t>() <= high;
    if (!fits || value->get<std::int64_t>() < low) {
      Complain(prefix_ + name, fmt::format("is not an integer from {} to {}", low, high));
      return low;
    }
    return value->get<std::int64_t>();
  }

  // A path that means the same whatever the working directory is.
  std::string AbsolutePath(const std::string& name) {
    std::string path = Text(name);
    const bool plain = path.starts_with('/') && EscapeControl(path) == path;
    if (!error_ && !plain) Complain(prefix_ + name, "is not an absolute path");
    return path;
  }

  void Complain(const std::string& field, const std::string& what) {
    if (!error_) error_ = InvalidArgument(fmt::format("{} {}", field, what));
  }

  // The first error, or one for a field that nobody took.
  Status Done() {
    for (const auto& [name, value] : object_.items()) {
      if (!error_ && !taken_.contains(name)) Complain(prefix_ + EscapeControl(name), "is unknown");
    }
    return error_ ? Status(*error_) : Status();
  }

 private:
  const Json& object_;
  std::string prefix_;
  std::set<std::string> taken_;
  std::optional<Error> error_;
};

Result<engine::ListenAddress> ParseAddress(const Json& object, const std::string& prefix) {
  Fields fields(object, prefix);
  engine::ListenAddress address;
  address.address = fields.Text("address");
  address.port = static_cast<int>(fields.Integer("port", 1, 65535));
  CP_RETURN_IF_ERROR(fields.Done());
  return address;
}

Result<std::map<std::string, std::string>> ParseParameters(const Json& object) {
  Fields fields(object, "config.parameters.");
  std::map<std::string, std::string> parameters;
  for (const auto& [name, value] : object.items()) {
    parameters[name] = fields.Text(name);
  }
  CP_RETURN_IF_ERROR(fields.Done());
  return parameters;
}

Result<engine::ConfigRequest> ParseConfig(const Json& object) {
  Fields fields(object, "config.");
  engine::ConfigRequest config;
  config.engine = fields.Text("engine");
  config.full_version = fields.Text("full_version");
  config.family = fields.Text("family");
  const Json* listen = fields.Take("listen");
  const Json* primary = fields.Take("primary");
  config.node_memory_bytes = fields.Integer("node_memory_bytes", 1, std::numeric_limits<std::int64_t>::max());
  const Json* parameters = fields.Take("parameters");
  config.internal_password = fields.Text("internal_password");
  if (object.contains(kUnixSocket)) config.unix_socket = fields.Text(kUnixSocket);
  CP_RETURN_IF_ERROR(fields.Done());
  // The engine's name chooses the program that is started.
  if (config.engine != "valkey" && config.engine != "redis") {
    return InvalidArgument(fmt::format("config.engine '{}' is not valkey or redis", EscapeControl(config.engine)));
  }
  CP_ASSIGN_OR_RETURN(config.listen, ParseAddress(*listen, "config.listen."));
  if (!primary->is_null()) {
    CP_ASSIGN_OR_RETURN(config.primary, ParseAddress(*primary, "config.primary."));
  }
  CP_ASSIGN_OR_RETURN(config.parameters, ParseParameters(*parameters));
  return config;
}

}  // namespace

std::string ToJson(const Spec& spec) {
  const Json json = {
      {"config", ToObject(spec.config)},
      {"image_directory", spec.image_directory},
      {"data_directory", spec.data_directory},
      {"log_file", spec.log_file},
      {"uid", spec.uid},
      {"max_open_files", spec.max_open_files},
  };
  // What is not UTF-8 is replaced rather than thrown at the caller; RenderConfig accepts no such value anyway.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Spec> ParseSpec(std::string_view json) {
  const Json object = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (object.is_discarded()) return InvalidArgument("the specification is not JSON");
  Fields fields(object, "");
  Spec spec;
  const Json* config = fields.Take("config");
  spec.image_directory = fields.AbsolutePath("image_directory");
  spec.data_directory = fields.AbsolutePath("data_directory");
  spec.log_file = fields.AbsolutePath("log_file");
  // (uid_t)-1 means "leave as it is" to the kernel.
  spec.uid = static_cast<std::uint32_t>(fields.Integer("uid", 0, std::numeric_limits<std::uint32_t>::max() - 1));
  spec.max_open_files = static_cast<std::uint64_t>(fields.Integer("max_open_files", 64, 1 << 30));
  CP_RETURN_IF_ERROR(fields.Done());
  CP_ASSIGN_OR_RETURN(spec.config, ParseConfig(*config));
  return spec;
}

}  // namespace cacheplane::launcher
