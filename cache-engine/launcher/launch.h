// Turns this process into the engine of a specification. The process id stays: the agent's child is the engine.
#pragma once

#include <string>
#include <variant>

#include "cache-engine/launcher/spec.h"
#include "common/result.h"

namespace cacheplane::launcher {

// Exit codes of `cache-engine`; the reason is the last line of standard error, or of the log once that is open.
// Engines themselves exit with 0 and 1, and 128 + n means signal n to a shell.
enum class Exit {
  kUsage = 64,    // unknown or missing argument
  kSpec = 65,     // the specification is malformed, or a value in it is not allowed
  kNoSpec = 66,   // the specification's file cannot be read
  kImage = 69,    // the image is not there or not whole
  kSandbox = 71,  // user, limits or descriptors refused by the kernel
  kFiles = 73,    // data directory or log file
  kExec = 126,    // the image's program does not start: it moved, or the engine's user cannot reach it
};

struct Failure {
  Exit exit = Exit::kSandbox;
  Error error;
};

// What Launch needs, known before anything is changed.
struct Plan {
  std::string program;  // …/valkey-8.0.1/bin/valkey-server
  std::string config;   // holds the internal password: never logged
};

// Renders and checks, changing nothing. kSpec, kImage, kSandbox.
std::variant<Plan, Failure> Prepare(const Spec& spec);

// Returns only when it fails: kFiles, kSandbox, kExec.
Failure Launch(const Spec& spec, const Plan& plan);

}  // namespace cacheplane::launcher
