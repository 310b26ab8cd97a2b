#include "nodeagent/supervisor/running_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "cache-engine/drivers/parameters.h"
#include "cache-engine/drivers/version.h"
#include "common/text.h"
#include "nodeagent/supervisor/engine_link.h"

namespace cacheplane::agent {
namespace {

// One that takes longer is told again later; the engine is not looked after meanwhile.
constexpr std::chrono::milliseconds kAnswerWithin{500};

Result<std::vector<Setting>> SettingsOf(const engine::ConfigRequest& request, engine::Version version) {
  CP_ASSIGN_OR_RETURN(const auto directives, engine::RuntimeDirectives(request, version));
  std::vector<Setting> settings;
  for (const engine::Directive& directive : directives) {
    settings.push_back({directive.name, Join(directive.values, " ")});
  }
  return settings;
}

// What a setting turns: its directive, and of one that is several (client-output-buffer-limit) which of them.
std::string KnobOf(const Setting& setting) {
  const std::size_t space = setting.value.find(' ');
  return space == std::string::npos ? setting.directive : setting.directive + " " + setting.value.substr(0, space);
}

bool IsRefused(const std::vector<SettingsReport::Refused>& refused, const Setting& setting) {
  return std::any_of(refused.begin(), refused.end(), [&](const auto& row) { return row.setting == setting; });
}

}  // namespace

SettingsReport TellSettings(EngineLink& engine, const std::vector<Setting>& settings) {
  SettingsReport report;
  for (const Setting& setting : settings) {
    const auto answer = engine.Call({"CONFIG", "SET", setting.directive, setting.value}, kAnswerWithin);
    if (!answer.ok()) {
      report.status = Annotate(answer.error(), "CONFIG SET " + setting.directive);
      return report;
    }
    if (answer->IsError()) report.refused.push_back({setting, answer->text});
  }
  return report;
}

void RunningSettings::Started(const engine::ConfigRequest& started, bool adopted) {
  Gone();
  started_ = started;
  if (adopted) return;
  const auto version = engine::ParseVersion(started.full_version);
  if (!version.ok()) return;
  const auto settings = SettingsOf(started, *version);
  if (!settings.ok()) return;
  for (const Setting& setting : *settings) has_[KnobOf(setting)] = setting.value;
}

void RunningSettings::Want(const engine::ConfigRequest& wanted) {
  wish_ = wanted;
  Compare();
}

void RunningSettings::Compare() {
  pending_restart_.clear();
  invalid_.clear();
  const std::vector<Setting> before = std::exchange(wanted_, {});
  if (!started_ || !wish_) return;
  // Started with another family's parameters, it gets the new ones by the restart that it needs anyway.
  const auto version = engine::ParseVersion(started_->full_version);
  if (started_->family != wish_->family || !version.ok()) return;
  auto settings = SettingsOf(*wish_, *version);
  if (!settings.ok()) {
    invalid_ = settings.error().message;
    return;
  }
  pending_restart_ = engine::ParametersNeedingRestart(*started_, *wish_, *version);
  wanted_ = std::move(*settings);
  if (wanted_ != before) refused_.clear();
}

void RunningSettings::Told(const std::vector<Setting>& told, const SettingsReport& report) {
  // Some were told, and nobody knows which.
  if (!report.status.ok()) return has_.clear();
  for (const Setting& setting : told) {
    if (!IsRefused(report.refused, setting)) has_[KnobOf(setting)] = setting.value;
  }
  for (const auto& row : report.refused) {
    const bool still_wanted = std::find(wanted_.begin(), wanted_.end(), row.setting) != wanted_.end();
    if (still_wanted) refused_.push_back(row);
  }
}

std::vector<Setting> RunningSettings::Outstanding() const {
  std::vector<Setting> outstanding;
  for (const Setting& setting : wanted_) {
    const auto has = has_.find(KnobOf(setting));
    const bool same = has != has_.end() && has->second == setting.value;
    if (!same && !IsRefused(refused_, setting)) outstanding.push_back(setting);
  }
  return outstanding;
}

std::string RunningSettings::Problem() const {
  if (!invalid_.empty()) return invalid_;
  std::vector<std::string> lines;
  for (const auto& row : refused_) {
    lines.push_back(fmt::format("{} '{}' is refused: {}", row.setting.directive, row.setting.value, row.problem));
  }
  return Join(lines, "; ");
}

}  // namespace cacheplane::agent
