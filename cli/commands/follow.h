// What every command that set an operation in motion does next: wait for its end, or say how to.
#pragma once

#include "cli/commands/session.h"

namespace cacheplane::v1 {
class Cluster;
class Operation;
}  // namespace cacheplane::v1

namespace cacheplane::cli {

// Waits for the end, with progress on standard error; --timeout bounds it. kOk when the operation succeeded; any
// other end has been reported when this returns, and `operation` is as last heard.
ExitCode FollowOperation(Session& session, const Arguments& arguments, v1::Operation* operation);

// Whether the command should wait: there is an operation, and --no-wait was not given. Otherwise says how to wait
// later.
bool ShouldFollow(Session& session, const Arguments& arguments, const v1::Operation& operation);

// With --validate-only: what is shown is not so.
void NoteCheckedOnly(Session& session, const Arguments& arguments);

// The cluster as it is now.
Result<v1::Cluster> ReadCluster(Session& session, const std::string& name);

// The end of create and modify: waits as asked, then shows the cluster as it is by then.
ExitCode FinishClusterChange(Session& session, const Arguments& arguments, const v1::Cluster& cluster,
                             v1::Operation* operation);

}  // namespace cacheplane::cli
