// What a command works with: the user's terminal and environment, the control plane, and how to answer.
#pragma once

#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/args/arguments.h"
#include "cli/args/exit_code.h"
#include "common/clock.h"
#include "common/result.h"

namespace cacheplane::cli {

class ControlPlane;

// Everything outside the process that a command touches besides the control plane. Tests bring their own.
struct Host {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool in_is_tty = false;
  bool out_is_tty = false;
  bool err_is_tty = false;
  std::size_t width = 80;  // columns of the terminal
  std::function<std::optional<std::string>(const std::string&)> env;
  // Replaces the process by the program argv[0]; comes back only with an error.
  std::function<Error(const std::vector<std::string>&)> exec;
  const Clock& clock;
};

enum class OutputFormat { kTable, kJson, kNames };

class Session {
 public:
  // `arguments` holds the global flags, and those that errors are told in. Both must outlive the session.
  Session(Host& host, const Arguments& arguments);
  ~Session();

  Host& host() { return host_; }
  ControlPlane& control_plane() { return *control_plane_; }
  OutputFormat format() const { return format_; }
  // Whether to colour standard output, and whether standard error can hold a block that is redrawn.
  bool colour() const { return fancy_ && host_.out_is_tty; }
  bool live() const { return fancy_ && host_.err_is_tty; }

  void Print(const std::string& text);
  // A line on standard error for the person; no part of the result.
  void Note(const std::string& text);

  // Report an error and return its code: of the server or the way there, in words of the command line; with a hint of
  // the caller's; of the user.
  ExitCode Fail(const Error& error);
  ExitCode Fail(const Error& error, const std::string& hint);
  ExitCode FailUsage(const std::string& message, const std::string& hint);
  ExitCode FailWith(ExitCode code, const std::string& word, const std::string& message, const std::string& hint);

 private:
  Host& host_;
  const Arguments& arguments_;
  const OutputFormat format_;
  const bool fancy_;
  const std::unique_ptr<ControlPlane> control_plane_;
};

// The variable's value when it is set and not empty.
std::optional<std::string> NonEmptyEnv(const Host& host, const std::string& name);

}  // namespace cacheplane::cli
