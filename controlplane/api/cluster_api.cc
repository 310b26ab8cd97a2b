#include "cacheplane/v1/cluster.grpc.pb.h"
#include "controlplane/api/adapters.h"
#include "controlplane/api/proto_convert.h"
#include "controlplane/api/unary_call.h"

namespace cacheplane::api {
namespace {

using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

template <typename Response>
Status PutAnswer(const Result<service::ClusterAnswer>& answer, Response* response) {
  if (!answer.ok()) return answer.error();
  if (answer->cluster) ToProto(*answer->cluster, *response->mutable_cluster());
  if (answer->operation) ToProto(*answer->operation, *response->mutable_operation());
  return {};
}

// Of what is planned for nodes.
template <typename Response>
Status PutPlanned(const Result<service::ClusterAnswer>& answer, Response* response) {
  if (answer.ok()) {
    for (const service::PlannedStep& step : answer->plan) ToProto(step, *response->add_plan());
  }
  return PutAnswer(answer, response);
}

// Of a change of the definition.
template <typename Response>
Status PutRedefined(const Result<service::ClusterAnswer>& answer, Response* response) {
  if (answer.ok()) {
    response->mutable_changes()->Assign(answer->changes.begin(), answer->changes.end());
    response->set_base_revision(static_cast<std::int64_t>(answer->base_revision));
  }
  return PutPlanned(answer, response);
}

// Of a change of primary.
template <typename Response>
Status PutChange(const Result<service::ClusterAnswer>& answer, Response* response) {
  if (answer.ok() && answer->succession) ToProto(*answer->succession, *response->mutable_succession());
  return PutAnswer(answer, response);
}

class ClusterApi final : public v1::ClusterService::CallbackService {
 public:
  explicit ClusterApi(service::ClusterService& clusters) : clusters_(clusters) {}

  Reactor* CreateCluster(Context* context, const v1::CreateClusterRequest* request,
                         v1::CreateClusterResponse* response) override {
    return Answer(context, [&] { return PutAnswer(clusters_.CreateCluster(FromProto(*request)), response); });
  }

  Reactor* GetCluster(Context* context, const v1::GetClusterRequest* request,
                      v1::GetClusterResponse* response) override {
    return Answer(context, [&] { return Put(clusters_.GetCluster(request->name()), response->mutable_cluster()); });
  }

  Reactor* ListClusters(Context* context, const v1::ListClustersRequest* request,
                        v1::ListClustersResponse* response) override {
    return Answer(context, [&] {
      return PutPage(clusters_.ListClusters(PageOf(*request)), response, &v1::ListClustersResponse::add_clusters);
    });
  }

  Reactor* ModifyCluster(Context* context, const v1::ModifyClusterRequest* request,
                         v1::ModifyClusterResponse* response) override {
    return Answer(context, [&] { return PutRedefined(clusters_.ModifyCluster(FromProto(*request)), response); });
  }

  Reactor* ListClusterRevisions(Context* context, const v1::ListClusterRevisionsRequest* request,
                                v1::ListClusterRevisionsResponse* response) override {
    return Answer(context, [&] {
      return PutPage(clusters_.ListClusterRevisions(request->name(), PageOf(*request)), response,
                     &v1::ListClusterRevisionsResponse::add_revisions);
    });
  }

  Reactor* RollbackCluster(Context* context, const v1::RollbackClusterRequest* request,
                           v1::RollbackClusterResponse* response) override {
    return Answer(context, [&] { return PutRedefined(clusters_.RollbackCluster(FromProto(*request)), response); });
  }

  Reactor* DeleteCluster(Context* context, const v1::DeleteClusterRequest* request,
                         v1::DeleteClusterResponse* response) override {
    return Answer(context, [&] { return PutAnswer(clusters_.DeleteCluster(FromProto(*request)), response); });
  }

  Reactor* SwitchoverCluster(Context* context, const v1::SwitchoverClusterRequest* request,
                             v1::SwitchoverClusterResponse* response) override {
    return Answer(context, [&] { return PutChange(clusters_.SwitchoverCluster(FromProto(*request)), response); });
  }

  Reactor* RebootCluster(Context* context, const v1::RebootClusterRequest* request,
                         v1::RebootClusterResponse* response) override {
    return Answer(context, [&] { return PutPlanned(clusters_.RebootCluster(FromProto(*request)), response); });
  }

  Reactor* UpdateNodes(Context* context, const v1::UpdateNodesRequest* request,
                       v1::UpdateNodesResponse* response) override {
    return Answer(context, [&] { return PutPlanned(clusters_.UpdateNodes(FromProto(*request)), response); });
  }

  Reactor* StopCluster(Context* context, const v1::StopClusterRequest* request,
                       v1::StopClusterResponse* response) override {
    return Answer(context, [&] { return PutAnswer(clusters_.StopCluster(FromProto(*request)), response); });
  }

  Reactor* StartCluster(Context* context, const v1::StartClusterRequest* request,
                        v1::StartClusterResponse* response) override {
    return Answer(context, [&] { return PutAnswer(clusters_.StartCluster(FromProto(*request)), response); });
  }

  Reactor* TestFailover(Context* context, const v1::TestFailoverRequest* request,
                        v1::TestFailoverResponse* response) override {
    return Answer(context, [&] { return PutChange(clusters_.TestFailover(FromProto(*request)), response); });
  }

 private:
  service::ClusterService& clusters_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeClusterApi(service::ClusterService& clusters) {
  return std::make_unique<ClusterApi>(clusters);
}

}  // namespace cacheplane::api
