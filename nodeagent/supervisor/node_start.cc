// How an incarnation's process comes to be: prepared, written down, spawned; or taken over.
#include <fmt/format.h>
#include <unistd.h>

#include <csignal>

#include "cache-engine/images/images.h"
#include "common/file.h"
#include "common/log.h"
#include "nodeagent/supervisor/node.h"
#include "nodeagent/supervisor/spawn.h"

namespace cacheplane::agent {
namespace {

engine::ListenAddress ToListen(const Address& address) { return {address.host, address.port}; }

}  // namespace

EngineIdentity Node::Identity() const {
  EngineIdentity identity{.data_directory = directory_.data(),
                          .spec_file = directory_.launch(),
                          .image_roots = {context_.images},
                          .launcher = context_.launcher};
  // Its image may be elsewhere than today's.
  const auto text = ReadFile(directory_.launch());
  if (!text.ok()) return identity;
  if (const auto spec = launcher::ParseSpec(*text); spec.ok()) identity.image_roots.emplace_back(spec->image_directory);
  return identity;
}

Status Node::Carry(const StartEngine& step) {
  CP_RETURN_IF_ERROR(directory_.Create());
  // Everything that can fail for a reason of its own fails before the boot number is used.
  CP_ASSIGN_OR_RETURN(const launcher::Spec spec, MakeSpec(step));
  if (const auto strays = FindProcesses(Identity()); !strays.empty()) {
    if (Adopt(strays.front()).ok()) return {};
    KillStrays();
    ReconcileAt(context_.loop.now() + std::chrono::milliseconds(20));
    return {};
  }
  CP_RETURN_IF_ERROR(directory_.WriteLaunch(launcher::ToJson(spec)));
  CP_RETURN_IF_ERROR(PersistStart(step, spec.uid));
  return Spawn(spec);
}

std::uint32_t Node::Uid() const {
  if (saved_.uid != 0 || context_.uid_base == 0) return saved_.uid;
  return context_.home.FreeUid(context_.uid_base);
}

engine::ConfigRequest Node::Config(const std::optional<Address>& primary) const {
  const Assignment& wish = *assignment_;
  return {.engine = wish.engine,
          .full_version = wish.engine_version,
          .family = wish.family,
          .listen = ToListen(wish.listen),
          .primary = primary ? std::optional(ToListen(*primary)) : std::nullopt,
          .node_memory_bytes = wish.node_memory_bytes,
          .parameters = wish.parameters,
          .internal_password = wish.internal_password};
}

Result<launcher::Spec> Node::MakeSpec(const StartEngine& step) const {
  const Assignment& wish = *assignment_;
  CP_ASSIGN_OR_RETURN(const images::Image image, images::FindImage(context_.images, wish.engine, wish.engine_version));
  launcher::Spec spec;
  spec.config = Config(step.primary);
  spec.image_directory = std::filesystem::absolute(image.directory).string();
  spec.data_directory = directory_.data().string();
  spec.log_file = directory_.log().string();
  spec.uid = Uid();
  const auto config = engine::RenderConfig(spec.config);
  if (!config.ok()) return config.error();
  return spec;
}

Status Node::PersistStart(const StartEngine& step, std::uint32_t uid) {
  if (!step.keep_data) CP_RETURN_IF_ERROR(directory_.SetDumpAside());
  if (!assignment_->restore.empty()) CP_RETURN_IF_ERROR(directory_.TakeDumpBack());
  saved_data_ = directory_.Saved();
  SavedState state = saved_;
  state.uid = uid;
  state.epoch = step.epoch;
  state.boot = step.boot;
  state.starts += 1;
  state.renewal = assignment_->renewal;
  // Else it counts until this process is opened or follows a primary: a start that fails has lost nothing.
  if (!step.keep_data) state.clean_stop_epoch = 0;
  state.save_requested_ms = 0;
  state.admitted_epoch = 0;
  return Persist(state);
}

Status Node::Spawn(const launcher::Spec& spec) {
  const auto pid = SpawnEngine(context_.launcher, directory_.launch(), directory_.log());
  if (!pid.ok()) return pid.error();
  const auto stat = ReadProcessStat(*pid);
  if (!stat) return Internal(fmt::format("process {} cannot be seen in /proc", *pid));
  log::Info("{}/{}: process {} started", node_, incarnation_, *pid);
  last_ = {};
  return AttachTo({*pid, stat->start_time}, /*child=*/true, spec);
}

Status Node::Adopt(const ProcessId& process) {
  launcher::Spec spec;
  if (const auto text = ReadFile(directory_.launch()); text.ok()) {
    if (auto parsed = launcher::ParseSpec(*text); parsed.ok()) spec = std::move(*parsed);
  }
  CP_RETURN_IF_ERROR(AttachTo(process, /*child=*/false, spec));
  leftovers_possible_ = true;
  log::Info("{}/{}: process {} adopted", node_, incarnation_, process.pid);
  return {};
}

Status Node::AttachTo(const ProcessId& process, bool child, const launcher::Spec& spec) {
  const auto& config = spec.config;
  Engine::Origin origin{
      .child = child,
      .version = config.full_version,
      .probe = {.address = {config.listen.address, config.listen.port}, .password = config.internal_password}};
  CP_ASSIGN_OR_RETURN(engine_, Engine::Attach(context_.loop, context_.crowd, process, std::move(origin),
                                              {.changed = [this] { OnChanged(); },
                                               .gone = [this](const ExitStatus& status) { OnGone(status); }}));
  settings_.Started(config, /*adopted=*/!child);
  if (assignment_) settings_.Want(Config(assignment_->primary));
  took_part_ = false;
  donor_idle_since_.reset();
  synced_since_.reset();
  // An agent that died while the engine saved finds it silent and well.
  engine_->SetSaving(saved_.save_requested_ms != 0);
  failure_.clear();
  if (!broken_.empty()) return {};
  CP_RETURN_IF_ERROR(directory_.Note(process));
  return directory_.WritePidFile(process.pid);
}

bool Node::KillStrays() {
  const auto strays = FindProcesses(Identity());
  for (const ProcessId& stray : strays) {
    log::Warn("{}/{}: ending process {}, left over here", node_, incarnation_, stray.pid);
    kill(stray.pid, SIGKILL);
  }
  return !strays.empty();
}

}  // namespace cacheplane::agent
