#include <fmt/format.h>

#include <chrono>

#include "cacheplane/v1/drill.grpc.pb.h"
#include "controlplane/api/adapters.h"
#include "controlplane/api/unary_call.h"

namespace cacheplane::api {
namespace {

using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;
using std::chrono::milliseconds;

constexpr std::int64_t kNanosPerMilli = 1'000'000;
// Beyond what is allowed; the service says so.
constexpr std::int64_t kManySeconds = 1'000'000;

Result<milliseconds> FromProto(const google::protobuf::Duration& duration) {
  const milliseconds length(std::min(duration.seconds(), kManySeconds) * 1000 + duration.nanos() / kNanosPerMilli);
  // Zero would be taken for the default.
  if (duration.seconds() >= 0 && length > milliseconds(0)) return length;
  return InvalidArgument(fmt::format("duration: {} s is out of range; allowed: {} s to {} s", duration.seconds(),
                                     service::kShortestDrill.count(), service::kLongestDrill.count()));
}

Result<service::StartDrillRequest> FromProto(const v1::StartDrillRequest& message) {
  service::StartDrillRequest request{.kind = message.kind(),
                                     .cluster = message.cluster(),
                                     .node = message.node(),
                                     .agent = message.agent(),
                                     .zone = message.zone(),
                                     .validate_only = message.validate_only()};
  if (message.has_duration()) {
    CP_ASSIGN_OR_RETURN(request.duration, FromProto(message.duration()));
  }
  return request;
}

void ToProto(const service::Drill& drill, v1::Drill& message) {
  message.set_kind(drill.kind);
  message.set_zone(drill.zone);
  for (const auto& [agent, fault] : drill.faults) message.add_agents(agent.str());
  message.mutable_nodes()->Assign(drill.nodes.begin(), drill.nodes.end());
  message.mutable_clusters()->Assign(drill.clusters.begin(), drill.clusters.end());
  message.mutable_duration()->set_seconds(drill.duration.count() / 1000);
  message.mutable_duration()->set_nanos(static_cast<int>(drill.duration.count() % 1000 * kNanosPerMilli));
}

class DrillApi final : public v1::DrillService::CallbackService {
 public:
  explicit DrillApi(service::DrillService& drills) : drills_(drills) {}

  // It waits for agents, and holds no thread meanwhile.
  Reactor* StartDrill(Context* context, const v1::StartDrillRequest* message,
                      v1::StartDrillResponse* response) override {
    EchoRequestId(*context);
    Reactor* reactor = context->DefaultReactor();
    const auto request = FromProto(*message);
    if (!request.ok()) {
      reactor->Finish(ToGrpc(request.error()));
      return reactor;
    }
    drills_.StartDrill(*request, [reactor, response](const Result<service::Drill>& drill) {
      if (drill.ok()) ToProto(*drill, *response->mutable_drill());
      reactor->Finish(ToGrpc(drill.ok() ? Status() : Status(drill.error())));
    });
    return reactor;
  }

 private:
  service::DrillService& drills_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeDrillApi(service::DrillService& drills) {
  return std::make_unique<DrillApi>(drills);
}

}  // namespace cacheplane::api
