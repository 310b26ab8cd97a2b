// What all drills share: whether the cluster allows them, and a client that writes before, during and after the fault.
#pragma once

#include <string>

#include "cli/client/write_probe.h"
#include "cli/commands/session.h"

namespace google::protobuf {
class Struct;
}

namespace cacheplane::v1 {
class Cluster;
}

namespace cacheplane::cli {

// "" while there is none.
std::string PrimaryOf(const v1::Cluster& cluster);

// kOk, or the error has been reported: it does not allow drills, or has no primary endpoint.
ExitCode CheckMayDrill(Session& session, const v1::Cluster& cluster);

WriteProbe::Options ProbeOf(const v1::Cluster& cluster);

// Until writes have gone through for a while. kFailedPrecondition when they do not: "…, so <what was not done>: …".
Status AwaitWrites(Session& session, const WriteProbe& probe, const std::string& consequence);

// Until writes go through again, and for a while longer.
void AwaitRecovery(Session& session, const WriteProbe& probe);

// What it cost the client: lines for people, and fields of a report.
std::string WritesInWords(const WriteLedger& writes);
void AddWrites(const WriteLedger& writes, google::protobuf::Struct& report);

}  // namespace cacheplane::cli
