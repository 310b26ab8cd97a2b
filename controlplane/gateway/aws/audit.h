// Calls of the AWS API as the audit log has them: its parameters in AWS's words, its subject in ours.
#pragma once

#include "controlplane/gateway/aws/exchange.h"
#include "controlplane/model/audit.h"
#include "controlplane/service/audit_trail.h"

namespace cacheplane::gateway::aws {

// Of every call that names an operation which is not one that reads. What names none is no call.
bool IsAudited(const Exchange& exchange);

// As far as the exchange got. Values of secrets are left out.
model::AuditRecord RecordOf(const Exchange& exchange);

// Values of secrets are left out of messages, too.
service::AuditOutcome OutcomeOf(const Exchange& exchange, const Answer& answer);

}  // namespace cacheplane::gateway::aws
