#include "cacheplane/v1/network.grpc.pb.h"
#include "controlplane/api/adapters.h"
#include "controlplane/api/proto_convert.h"
#include "controlplane/api/unary_call.h"

namespace cacheplane::api {
namespace {

using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

class NetworkApi final : public v1::NetworkService::CallbackService {
 public:
  explicit NetworkApi(service::NetworkService& networks) : networks_(networks) {}

  Reactor* CreateSubnet(Context* context, const v1::CreateSubnetRequest* request,
                        v1::CreateSubnetResponse* response) override {
    return Answer(
        context, [&] { return Put(networks_.CreateSubnet(FromProto(request->subnet())), response->mutable_subnet()); });
  }
  Reactor* GetSubnet(Context* context, const v1::GetSubnetRequest* request, v1::GetSubnetResponse* response) override {
    return Answer(context, [&] { return Put(networks_.GetSubnet(request->name()), response->mutable_subnet()); });
  }
  Reactor* ListSubnets(Context* context, const v1::ListSubnetsRequest* request,
                       v1::ListSubnetsResponse* response) override {
    return Answer(context, [&] {
      return PutPage(networks_.ListSubnets(PageOf(*request)), response, &v1::ListSubnetsResponse::add_subnets);
    });
  }
  Reactor* DeleteSubnet(Context* context, const v1::DeleteSubnetRequest* request, v1::DeleteSubnetResponse*) override {
    return Answer(context, [&] { return networks_.DeleteSubnet(request->name()); });
  }

  Reactor* CreateSubnetGroup(Context* context, const v1::CreateSubnetGroupRequest* request,
                             v1::CreateSubnetGroupResponse* response) override {
    return Answer(context, [&] {
      return Put(networks_.CreateSubnetGroup(FromProto(request->subnet_group())), response->mutable_subnet_group());
    });
  }
  Reactor* GetSubnetGroup(Context* context, const v1::GetSubnetGroupRequest* request,
                          v1::GetSubnetGroupResponse* response) override {
    return Answer(context,
                  [&] { return Put(networks_.GetSubnetGroup(request->name()), response->mutable_subnet_group()); });
  }
  Reactor* ListSubnetGroups(Context* context, const v1::ListSubnetGroupsRequest* request,
                            v1::ListSubnetGroupsResponse* response) override {
    return Answer(context, [&] {
      return PutPage(networks_.ListSubnetGroups(PageOf(*request)), response,
                     &v1::ListSubnetGroupsResponse::add_subnet_groups);
    });
  }
  Reactor* ModifySubnetGroup(Context* context, const v1::ModifySubnetGroupRequest* request,
                             v1::ModifySubnetGroupResponse* response) override {
    return Answer(context, [&] {
      return Put(networks_.ModifySubnetGroup(FromProto(request->subnet_group())), response->mutable_subnet_group());
    });
  }
  Reactor* DeleteSubnetGroup(Context* context, const v1::DeleteSubnetGroupRequest* request,
                             v1::DeleteSubnetGroupResponse*) override {
    return Answer(context, [&] { return networks_.DeleteSubnetGroup(request->name()); });
  }

  Reactor* CreateSecurityGroup(Context* context, const v1::CreateSecurityGroupRequest* request,
                               v1::CreateSecurityGroupResponse* response) override {
    return Answer(context, [&] {
      return Put(networks_.CreateSecurityGroup(FromProto(request->security_group())),
                 response->mutable_security_group());
    });
  }
  Reactor* GetSecurityGroup(Context* context, const v1::GetSecurityGroupRequest* request,
                            v1::GetSecurityGroupResponse* response) override {
    return Answer(context,
                  [&] { return Put(networks_.GetSecurityGroup(request->name()), response->mutable_security_group()); });
  }
  Reactor* ListSecurityGroups(Context* context, const v1::ListSecurityGroupsRequest* request,
                              v1::ListSecurityGroupsResponse* response) override {
    return Answer(context, [&] {
      return PutPage(networks_.ListSecurityGroups(PageOf(*request)), response,
                     &v1::ListSecurityGroupsResponse::add_security_groups);
    });
  }
  Reactor* ModifySecurityGroup(Context* context, const v1::ModifySecurityGroupRequest* request,
                               v1::ModifySecurityGroupResponse* response) override {
    return Answer(context, [&] {
      return Put(networks_.ModifySecurityGroup(FromProto(request->security_group())),
                 response->mutable_security_group());
    });
  }
  Reactor* DeleteSecurityGroup(Context* context, const v1::DeleteSecurityGroupRequest* request,
                               v1::DeleteSecurityGroupResponse*) override {
    return Answer(context, [&] { return networks_.DeleteSecurityGroup(request->name()); });
  }

 private:
  service::NetworkService& networks_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeNetworkApi(service::NetworkService& networks) {
  return std::make_unique<NetworkApi>(networks);
}

}  // namespace cacheplane::api
