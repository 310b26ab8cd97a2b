#include "cache-engine/launcher/launch.h"

#include <unistd.h>

#include "cache-engine/images/images.h"
#include "cache-engine/launcher/files.h"
#include "cache-engine/launcher/sandbox.h"
#include "cache-engine/launcher/system_error.h"

namespace cacheplane::launcher {
namespace {

Status CheckImage(const Spec& spec, const images::Image& image) {
  if (image.engine == spec.config.engine && image.full_version == spec.config.full_version) return {};
  return FailedPrecondition(spec.image_directory + " holds " + image.engine + " " + image.full_version + ", not " +
                            spec.config.engine + " " + spec.config.full_version);
}

Status EnterSandbox(const Spec& spec, const Files& files) {
  CP_RETURN_IF_ERROR(InstallFiles(files));
  ResetInheritedState();
  CP_RETURN_IF_ERROR(SetLimits(spec.uid, spec.max_open_files));
  return DropPrivileges(spec.uid);
}

// The engine reads its configuration from standard input ("-"). Its environment is fixed: newer engines exit on a
// locale that the image does not have, and nothing of the agent's is to be seen in it.
Error Execute(std::string program) {
  std::string from_stdin = "-";
  std::string locale = "LC_ALL=C";
  std::string path = "PATH=/usr/bin:/bin";
  char* const arguments[] = {program.data(), from_stdin.data(), nullptr};
  char* const environment[] = {locale.data(), path.data(), nullptr};
  execve(program.c_str(), arguments, environment);
  return SystemError("start " + program + " (engines must be able to reach it, and it must be where it was made)");
}

}  // namespace

std::variant<Plan, Failure> Prepare(const Spec& spec) {
  auto config = engine::RenderConfig(spec.config);
  if (!config.ok()) return Failure{Exit::kSpec, config.error()};
  const auto image = images::ReadImage(spec.image_directory);
  if (!image.ok()) return Failure{Exit::kImage, image.error()};
  if (Status status = CheckImage(spec, *image); !status.ok()) return Failure{Exit::kImage, status.error()};
  if (Status status = CheckUser(spec.uid); !status.ok()) return Failure{Exit::kSandbox, status.error()};
  return Plan{image->Server().string(), std::move(*config)};
}

Failure Launch(const Spec& spec, const Plan& plan) {
  const auto files = OpenFiles(spec, plan.config);
  if (!files.ok()) return {Exit::kFiles, files.error()};
  if (Status status = EnterSandbox(spec, *files); !status.ok()) return {Exit::kSandbox, status.error()};
  return {Exit::kExec, Execute(plan.program)};
}

}  // namespace cacheplane::launcher
