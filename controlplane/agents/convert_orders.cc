// What is ordered once, and its answers.
#include <string>
#include <variant>

#include "cacheplane/agent/v1/agent.pb.h"
#include "controlplane/agents/names.h"
#include "controlplane/agents/proto_convert.h"

namespace cacheplane::agents {

Status FromProto(const agent::v1::DrillAnswer& answer) {
  return answer.problem().empty() ? Status() : Status(FailedPrecondition(Shortened(answer.problem())));
}

Status FromProto(const agent::v1::TrialAnswer& answer) {
  if (!answer.refusal().empty()) return InvalidArgument(Shortened(answer.refusal()));
  return answer.problem().empty() ? Status() : Status(Unavailable(Shortened(answer.problem())));
}

void ToProto(const ports::Fault& fault, agent::v1::Drill* out) {
  out->Clear();
  out->set_duration_ms(static_cast<std::uint32_t>(fault.duration.count()));
  if (const auto* pause = std::get_if<ports::PauseNode>(&fault.what)) {
    out->mutable_pause_node()->set_incarnation(pause->incarnation.str());
  } else {
    out->mutable_cut_host();
  }
}

void ToProto(const ports::Trial& trial, agent::v1::Trial* out) {
  out->Clear();
  out->set_engine(trial.image.engine);
  out->set_engine_version(trial.image.version);
  out->set_parameter_group_family(trial.family);
  out->mutable_parameters()->insert(trial.parameters.begin(), trial.parameters.end());
  out->set_node_memory_bytes(trial.memory_bytes);
}

}  // namespace cacheplane::agents
