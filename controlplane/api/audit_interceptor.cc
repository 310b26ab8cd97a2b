#include "controlplane/api/audit_interceptor.h"

#include <google/protobuf/message.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/server_interceptor.h>

#include <optional>
#include <utility>

#include "controlplane/api/audited_call.h"

namespace cacheplane::api {
namespace {

using google::protobuf::Message;
using grpc::experimental::InterceptionHookPoints;

std::string MetadataOf(const grpc::ServerContextBase& context, const char* name) {
  const auto found = context.client_metadata().find(name);
  if (found == context.client_metadata().end()) return "";
  return {found->second.data(), found->second.size()};
}

// Of one call.
class AuditInterceptor final : public grpc::experimental::Interceptor {
 public:
  AuditInterceptor(service::AuditTrail& audit, grpc::experimental::ServerRpcInfo& call) : audit_(audit), call_(call) {}

  // Whoever was not told how it went still has done it, perhaps.
  ~AuditInterceptor() override { End({"UNKNOWN", "the call was given up before its answer"}); }

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_MESSAGE)) {
      // Messages of the public API are generated ones, whose only base is Message.
      if (const void* request = methods->GetRecvMessage()) Begin(*static_cast<const Message*>(request));
    }
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_MESSAGE) && audited_) {
      if (const void* response = methods->GetSendMessage()) {
        DescribeNew(*static_cast<const Message*>(response), audited_->record);
      }
    }
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) {
      const grpc::Status status = methods->GetSendStatus();
      End(OutcomeOf(status.error_code(), status.error_message()));
    }
    methods->Proceed();
  }

 private:
  void Begin(const Message& request) {
    if (IsDryRun(request)) return;
    const grpc::ServerContextBase& context = *call_.server_context();
    model::AuditRecord record;
    SetCaller(context.peer(), MetadataOf(context, service::kInnerPeer), record);
    Describe(call_.method(), request, record);
    record.request_id = MetadataOf(context, "x-request-id");
    audited_ = audit_.Begin(std::move(record));
  }

  void End(const service::AuditOutcome& outcome) {
    if (audited_) audit_.End(*std::exchange(audited_, std::nullopt), outcome);
  }

  service::AuditTrail& audit_;
  grpc::experimental::ServerRpcInfo& call_;
  std::optional<service::AuditedCall> audited_;
};

class AuditInterceptors final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit AuditInterceptors(service::AuditTrail& audit) : audit_(audit) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo* call) override {
    return IsChange(call->method()) ? new AuditInterceptor(audit_, *call) : nullptr;
  }

 private:
  service::AuditTrail& audit_;
};

}  // namespace

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeAuditInterceptor(
    service::AuditTrail& audit) {
  return std::make_unique<AuditInterceptors>(audit);
}

}  // namespace cacheplane::api
