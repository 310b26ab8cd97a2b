#include "cacheplane/v1/audit.grpc.pb.h"
#include "controlplane/api/adapters.h"
#include "controlplane/api/proto_convert.h"
#include "controlplane/api/unary_call.h"

namespace cacheplane::api {
namespace {

class AuditApi final : public v1::AuditService::CallbackService {
 public:
  explicit AuditApi(service::AuditService& audit) : audit_(audit) {}

  grpc::ServerUnaryReactor* ListAuditRecords(grpc::CallbackServerContext* context,
                                             const v1::ListAuditRecordsRequest* request,
                                             v1::ListAuditRecordsResponse* response) override {
    return Answer(context, [&]() -> Status {
      CP_ASSIGN_OR_RETURN(const service::ListAuditRecordsRequest asked, FromProto(*request));
      return PutPage(audit_.ListAuditRecords(asked), response, &v1::ListAuditRecordsResponse::add_records);
    });
  }

 private:
  service::AuditService& audit_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeAuditApi(service::AuditService& audit) { return std::make_unique<AuditApi>(audit); }

}  // namespace cacheplane::api
