// Which processes of a host come first when it has more to do than it can.
#pragma once

namespace cacheplane {

// Gives the calling process precedence over those of usual priority, as far as it may (CAP_SYS_NICE): whoever renews
// leases or decides about failovers must not wait for a build or for an engine that saves. Call it before there are
// threads; processes started later inherit it.
void TakePrecedence();

// Back to the usual priority; always allowed. Async-signal-safe: for a child between fork and exec.
void GiveUpPrecedence();

}  // namespace cacheplane
