// Between the wire and the agent's own values. Included by the session's sources alone.
#pragma once

#include "cacheplane/agent/v1/agent.pb.h"
#include "common/result.h"
#include "nodeagent/decide/assignment.h"
#include "nodeagent/decide/drill.h"
#include "nodeagent/decide/facts.h"
#include "nodeagent/decide/trial.h"
#include "nodeagent/session/session.h"

namespace cacheplane::agent {

// kInvalidArgument for an intent or a role this agent does not know.
Result<Assignment> FromProto(const v1::Assignment& message);

// Assignments that are not understood are left out and named in `refused`.
AssignmentUpdate FromProto(const v1::AssignmentSet& message, std::vector<std::string>& refused);

v1::SessionRequest ToProto(const Hello& hello);
v1::SessionRequest ToProto(const Facts& facts);
v1::SessionRequest LeaseRequestToProto(std::uint64_t sequence);
LeaseGrant FromProto(const v1::LeaseGrant& message);
Drill FromProto(const v1::Drill& message);
v1::SessionRequest DrillAnswerToProto(std::uint64_t id, const std::string& problem);
Trial FromProto(const v1::Trial& message);
v1::SessionRequest TrialAnswerToProto(std::uint64_t id, const Verdict& verdict);

}  // namespace cacheplane::agent
