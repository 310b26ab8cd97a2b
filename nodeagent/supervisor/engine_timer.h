// Makes an engine before 6.2 follow its new primary at once.
//
// After a REPLICAOF such an engine connects only from replicationCron(), once a second; from 6.2 on the command itself
// connects. Until then what the new primary writes must fit into its backlog, or the old one copies everything: 1 MiB
// by default is 31,000 small writes. Its offsets are right, and still it is refused "for lack of backlog".
//
// serverCron() runs hz times a second, and with an hz of 1 each run includes replicationCron(). So it is first made to
// run every 2 ms, and once the new primary is open an hz of 1 makes the next run connect. Measured on 6.0.16 from there
// to an up link: 2 to 8 ms (20 to 100 ms without the hurry, up to 1 s without both).
//
// The run after it comes a whole second later. Until then that replica heeds no SIGTERM, reaps no child and cannot be
// made to connect once more; it acknowledges again after one to two seconds.
#pragma once

#include "common/result.h"
#include "nodeagent/supervisor/engine_link.h"

namespace cacheplane::agent {

// Returns when the timer runs every 2 ms, after 100 ms. To be taken back, like the next one, by RestoreTimer.
Status HurryTimer(EngineLink& engine);
// The next run of the timer connects to the primary.
Status LookForPrimary(EngineLink& engine);
// Until its link to the primary is up; not long, whatever happens.
void AwaitLink(EngineLink& engine);
// As engines are configured. Nothing when it is.
Status RestoreTimer(EngineLink& engine);

}  // namespace cacheplane::agent
