#include "cacheplane/v1/parameter_group.grpc.pb.h"
#include "controlplane/api/adapters.h"
#include "controlplane/api/proto_convert.h"
#include "controlplane/api/unary_call.h"

namespace cacheplane::api {
namespace {

using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

class ParameterGroupApi final : public v1::ParameterGroupService::CallbackService {
 public:
  explicit ParameterGroupApi(service::ParameterGroupService& groups) : groups_(groups) {}

  Reactor* CreateParameterGroup(Context* context, const v1::CreateParameterGroupRequest* request,
                                v1::CreateParameterGroupResponse* response) override {
    return Answer(context, [&] {
      return Put(groups_.CreateParameterGroup(FromProto(*request)), response->mutable_parameter_group());
    });
  }
  Reactor* CopyParameterGroup(Context* context, const v1::CopyParameterGroupRequest* request,
                              v1::CopyParameterGroupResponse* response) override {
    return Answer(context, [&] {
      return Put(groups_.CopyParameterGroup(FromProto(*request)), response->mutable_parameter_group());
    });
  }
  Reactor* ModifyParameterGroup(Context* context, const v1::ModifyParameterGroupRequest* request,
                                v1::ModifyParameterGroupResponse* response) override {
    return AnswerLater(context, response,
                       [&](const auto& done) { groups_.ModifyParameterGroup(FromProto(*request), done); });
  }
  Reactor* ResetParameterGroup(Context* context, const v1::ResetParameterGroupRequest* request,
                               v1::ResetParameterGroupResponse* response) override {
    return AnswerLater(context, response,
                       [&](const auto& done) { groups_.ResetParameterGroup(FromProto(*request), done); });
  }
  Reactor* GetParameterGroup(Context* context, const v1::GetParameterGroupRequest* request,
                             v1::GetParameterGroupResponse* response) override {
    return Answer(context,
                  [&] { return Put(groups_.GetParameterGroup(request->name()), response->mutable_parameter_group()); });
  }
  Reactor* ListParameterGroups(Context* context, const v1::ListParameterGroupsRequest* request,
                               v1::ListParameterGroupsResponse* response) override {
    return Answer(context, [&] {
      return PutPage(groups_.ListParameterGroups(PageOf(*request)), response,
                     &v1::ListParameterGroupsResponse::add_parameter_groups);
    });
  }
  Reactor* ListParameters(Context* context, const v1::ListParametersRequest* request,
                          v1::ListParametersResponse* response) override {
    return Answer(context, [&] {
      return PutPage(groups_.ListParameters({request->parameter_group(), request->source(), PageOf(*request)}),
                     response, &v1::ListParametersResponse::add_parameters);
    });
  }
  Reactor* ListEngineDefaultParameters(Context* context, const v1::ListEngineDefaultParametersRequest* request,
                                       v1::ListEngineDefaultParametersResponse* response) override {
    return Answer(context, [&] {
      return PutPage(groups_.ListEngineDefaultParameters(request->family(), PageOf(*request)), response,
                     &v1::ListEngineDefaultParametersResponse::add_parameters);
    });
  }
  Reactor* DeleteParameterGroup(Context* context, const v1::DeleteParameterGroupRequest* request,
                                v1::DeleteParameterGroupResponse*) override {
    return Answer(context, [&] { return groups_.DeleteParameterGroup(FromProto(*request)); });
  }

 private:
  // Finishes the call when `begin` calls what it is given. It waits for engines, and holds no thread meanwhile.
  template <typename Response, typename Begin>
  static Reactor* AnswerLater(Context* context, Response* response, Begin begin) {
    EchoRequestId(*context);
    Reactor* reactor = context->DefaultReactor();
    begin([reactor, response](const Result<service::ChangedParameterGroup>& changed) {
      if (changed.ok()) {
        ToProto(changed->group, *response->mutable_parameter_group());
        for (const service::ParameterTrial& trial : changed->trials) ToProto(trial, *response->add_trials());
      }
      reactor->Finish(ToGrpc(changed.ok() ? Status() : Status(changed.error())));
    });
    return reactor;
  }

  service::ParameterGroupService& groups_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeParameterGroupApi(service::ParameterGroupService& groups) {
  return std::make_unique<ParameterGroupApi>(groups);
}

}  // namespace cacheplane::api
