// Between the wire messages of proto/cacheplane/agent/v1 and plain values. Everything that comes in is checked: unknown
// enum values, malformed addresses and names, and too many or too long of anything are kInvalidArgument.
#pragma once

#include "common/result.h"
#include "controlplane/agents/messages.h"
#include "controlplane/ports/drills.h"
#include "controlplane/ports/trials.h"

namespace cacheplane::agent::v1 {
class AssignmentSet;
class Drill;
class DrillAnswer;
class EndpointMap;
class Facts;
class Hello;
class RouterSessionRequest;
class Trial;
class TrialAnswer;
}  // namespace cacheplane::agent::v1

namespace cacheplane::agents {

// last_heard is left unset.
Result<model::Host> FromProto(const agent::v1::Hello& hello);

// Long free text (exit reasons, problems) is cut, not refused: it is for people, and a long log line of an engine must
// not silence its agent. Negative figures count as 0.
Result<AgentReport> FromProto(const agent::v1::Facts& facts);

// connected and heard_wall are left unset.
Result<model::RouterFacts> FromProto(const agent::v1::RouterSessionRequest& request);

// ok when the fault is made; else kFailedPrecondition.
Status FromProto(const agent::v1::DrillAnswer& answer);

// As ports::TrialSender::Try answers.
Status FromProto(const agent::v1::TrialAnswer& answer);

void ToProto(const AssignmentSet& set, agent::v1::AssignmentSet* out);
void ToProto(const model::EndpointMap& map, agent::v1::EndpointMap* out);
// The id is left unset.
void ToProto(const ports::Fault& fault, agent::v1::Drill* out);
void ToProto(const ports::Trial& trial, agent::v1::Trial* out);

}  // namespace cacheplane::agents
