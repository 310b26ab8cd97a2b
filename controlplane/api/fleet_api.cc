#include "cacheplane/v1/fleet.grpc.pb.h"
#include "controlplane/api/adapters.h"
#include "controlplane/api/proto_convert.h"
#include "controlplane/api/unary_call.h"

namespace cacheplane::api {
namespace {

using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

template <typename Response>
Status PutAgent(const Result<service::AdmissionAnswer>& answer, Response* response) {
  if (!answer.ok()) return answer.error();
  ToProto(answer->agent, *response->mutable_agent());
  return {};
}

class FleetApi final : public v1::FleetService::CallbackService {
 public:
  explicit FleetApi(service::FleetService& fleet) : fleet_(fleet) {}

  Reactor* GetAgent(Context* context, const v1::GetAgentRequest* request, v1::GetAgentResponse* response) override {
    return Answer(context, [&] { return Put(fleet_.GetAgent(request->name()), response->mutable_agent()); });
  }

  Reactor* CordonAgent(Context* context, const v1::CordonAgentRequest* request,
                       v1::CordonAgentResponse* response) override {
    return Answer(context, [&] { return PutAgent(fleet_.CordonAgent(request->name()), response); });
  }

  Reactor* UncordonAgent(Context* context, const v1::UncordonAgentRequest* request,
                         v1::UncordonAgentResponse* response) override {
    return Answer(context, [&] { return PutAgent(fleet_.UncordonAgent(request->name()), response); });
  }

  Reactor* DrainAgent(Context* context, const v1::DrainAgentRequest* request,
                      v1::DrainAgentResponse* response) override {
    return Answer(context, [&]() -> Status {
      const auto answer = fleet_.DrainAgent(request->name(), request->validate_only());
      CP_RETURN_IF_ERROR(PutAgent(answer, response));
      for (const std::string& node : answer->leaving) response->add_leaving_nodes(node);
      return {};
    });
  }

  Reactor* ListAgents(Context* context, const v1::ListAgentsRequest* request,
                      v1::ListAgentsResponse* response) override {
    return Answer(context, [&] {
      return PutPage(fleet_.ListAgents(PageOf(*request)), response, &v1::ListAgentsResponse::add_agents);
    });
  }

  Reactor* ListNodes(Context* context, const v1::ListNodesRequest* request, v1::ListNodesResponse* response) override {
    return Answer(context, [&] {
      return PutPage(fleet_.ListNodes({request->cluster(), request->agent(), PageOf(*request)}), response,
                     &v1::ListNodesResponse::add_nodes);
    });
  }

  Reactor* ListRouters(Context* context, const v1::ListRoutersRequest* request,
                       v1::ListRoutersResponse* response) override {
    return Answer(context, [&] {
      return PutPage(fleet_.ListRouters(PageOf(*request)), response, &v1::ListRoutersResponse::add_routers);
    });
  }

 private:
  service::FleetService& fleet_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeFleetApi(service::FleetService& fleet) { return std::make_unique<FleetApi>(fleet); }

}  // namespace cacheplane::api
