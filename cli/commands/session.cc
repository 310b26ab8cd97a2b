#include "cli/commands/session.h"

#include <ostream>

#include "cli/client/control_plane.h"
#include "cli/commands/field_flags.h"
#include "cli/output/errors.h"

namespace cacheplane::cli {
namespace {

constexpr const char* kDefaultEndpoint = "127.0.0.1:7070";

OutputFormat FormatOf(const Arguments& arguments) {
  const std::string name = arguments.TextOr("output", "table");
  if (name == "json") return OutputFormat::kJson;
  return name == "names" ? OutputFormat::kNames : OutputFormat::kTable;
}

bool AllowsFancy(const Host& host) {
  return !NonEmptyEnv(host, "NO_COLOR") && NonEmptyEnv(host, "TERM").value_or("") != "dumb";
}

std::string EndpointOf(const Host& host, const Arguments& arguments) {
  if (const std::optional<std::string> given = arguments.Text("endpoint"); given && !given->empty()) return *given;
  return NonEmptyEnv(host, "CACHEPLANE_ENDPOINT").value_or(kDefaultEndpoint);
}

}  // namespace

std::optional<std::string> NonEmptyEnv(const Host& host, const std::string& name) {
  std::optional<std::string> value = host.env(name);
  return value && !value->empty() ? value : std::nullopt;
}

Session::Session(Host& host, const Arguments& arguments)
    : host_(host),
      arguments_(arguments),
      format_(FormatOf(arguments)),
      fancy_(AllowsFancy(host)),
      control_plane_(std::make_unique<ControlPlane>(EndpointOf(host, arguments))) {}

Session::~Session() = default;

void Session::Print(const std::string& text) { host_.out << text << std::flush; }

void Session::Note(const std::string& text) { host_.err << text << std::endl; }

ExitCode Session::Fail(const Error& error) { return Fail(error, HintFor(error, control_plane_->endpoint())); }

ExitCode Session::Fail(const Error& error, const std::string& hint) {
  return FailWith(ExitCodeFor(error.code), ErrorWord(error.code), InFlags(error.message, arguments_), hint);
}

ExitCode Session::FailUsage(const std::string& message, const std::string& hint) {
  return FailWith(ExitCode::kUsage, "Usage", message, hint);
}

ExitCode Session::FailWith(ExitCode code, const std::string& word, const std::string& message,
                           const std::string& hint) {
  host_.err << ErrorText(word, message, hint) << std::flush;
  return code;
}

}  // namespace cacheplane::cli
