// Which parameters a live process has, which it can be told while it runs, and which wait for its next start.
//
// A process that was started here has what it was started with. Of one that was adopted only that is known; what was
// set since, and whether it was set at all, is not: everything is told once more, which changes nothing where it is
// the same.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cache-engine/drivers/directive.h"
#include "cache-engine/drivers/engine_config.h"
#include "nodeagent/decide/assignment.h"

namespace cacheplane::agent {

class EngineLink;

// What came of telling an engine.
struct SettingsReport {
  struct Refused {
    Setting setting{};
    std::string problem{};  // the engine's words

    bool operator==(const Refused&) const = default;
  };
  Status status{};  // why not all of them were told
  std::vector<Refused> refused{};
};

// One after the other, on a thread that may block; ends at the first that is not answered.
SettingsReport TellSettings(EngineLink& engine, const std::vector<Setting>& settings);

class RunningSettings {
 public:
  // `started`: the live process, or one that is adopted, was started with this.
  void Started(const engine::ConfigRequest& started, bool adopted);
  // What it shall have. Another wish is also another chance for what was refused.
  void Want(const engine::ConfigRequest& wanted);
  // After `told` was told.
  void Told(const std::vector<Setting>& told, const SettingsReport& report);
  // There is no process any more.
  void Gone() { *this = {}; }

  // To be told, in a stable order.
  std::vector<Setting> Outstanding() const;
  // Names of the parameters, sorted, that need a restart.
  const std::vector<std::string>& pending_restart() const { return pending_restart_; }
  // What is not as wished and will not be, in words; empty when there is nothing.
  std::string Problem() const;

 private:
  void Compare();

  std::optional<engine::ConfigRequest> started_;
  std::optional<engine::ConfigRequest> wish_;
  std::map<std::string, std::string> has_;  // as far as it is known: value by knob
  std::vector<Setting> wanted_;
  std::vector<SettingsReport::Refused> refused_;
  std::vector<std::string> pending_restart_;
  std::string invalid_;  // why the wish cannot be told at all
};

}  // namespace cacheplane::agent
