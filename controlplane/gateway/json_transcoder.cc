#include "controlplane/gateway/json_transcoder.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include <array>
#include <utility>

#include "cacheplane/v1/access_key.pb.h"
#include "cacheplane/v1/audit.pb.h"
#include "cacheplane/v1/catalog.pb.h"
#include "cacheplane/v1/cluster.pb.h"
#include "cacheplane/v1/drill.pb.h"
#include "cacheplane/v1/event.pb.h"
#include "cacheplane/v1/fleet.pb.h"
#include "cacheplane/v1/network.pb.h"
#include "cacheplane/v1/operation.pb.h"
#include "cacheplane/v1/parameter_group.pb.h"
#include "common/check.h"
#include "controlplane/gateway/http_status.h"
#include "controlplane/gateway/json_error.h"
#include "controlplane/service/audit_trail.h"

namespace cacheplane::gateway {
namespace {

namespace pb = google::protobuf;

// The files that make the public API. Named through a message of each, which also links them.
std::array<const pb::FileDescriptor*, 10> PublicFiles() {
  return {v1::Cluster::descriptor()->file(),   v1::Operation::descriptor()->file(),
          v1::Event::descriptor()->file(),     v1::Subnet::descriptor()->file(),
          v1::NodeType::descriptor()->file(),  v1::Agent::descriptor()->file(),
          v1::Drill::descriptor()->file(),     v1::ParameterGroup::descriptor()->file(),
          v1::AccessKey::descriptor()->file(), v1::AuditRecord::descriptor()->file()};
}

std::unique_ptr<pb::Message> New(const pb::Descriptor* type) {
  const pb::Message* prototype = pb::MessageFactory::generated_factory()->GetPrototype(type);
  CP_CHECK(prototype != nullptr);
  return std::unique_ptr<pb::Message>(prototype->New());
}

HttpResponse ErrorResponse(int code, const std::string& message) {
  const CodeMapping mapping = MappingOf(code);
  return JsonError(mapping.http_status, mapping.name, message);
}

HttpResponse JsonResponse(const pb::Message& message) {
  pb::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  HttpResponse response;
  const auto printed = pb::util::MessageToJsonString(message, &response.body, options);
  if (!printed.ok()) return ErrorResponse(grpc::StatusCode::INTERNAL, printed.ToString());
  response.body += "\n";
  return response;
}

// Lives until the call's completion.
struct PendingCall {
  grpc::ClientContext context;
  std::unique_ptr<pb::Message> request;
  std::unique_ptr<pb::Message> response;
  HttpReply reply;

  void Complete(const grpc::Status& status) const {
    reply(status.ok() ? JsonResponse(*response) : ErrorResponse(status.error_code(), status.error_message()));
  }
};

}  // namespace

struct JsonTranscoder::Stub {
  grpc::TemplatedGenericStub<pb::MessageLite, pb::MessageLite> generic;
};

JsonTranscoder::JsonTranscoder(std::shared_ptr<grpc::Channel> channel, std::chrono::milliseconds deadline)
    : stub_(new Stub{grpc::TemplatedGenericStub<pb::MessageLite, pb::MessageLite>(std::move(channel))}),
      deadline_(deadline) {
  for (const pb::FileDescriptor* file : PublicFiles()) {
    for (int s = 0; s < file->service_count(); ++s) {
      const pb::ServiceDescriptor* service = file->service(s);
      for (int m = 0; m < service->method_count(); ++m) {
        methods_.emplace(fmt::format("{}/{}", service->name(), service->method(m)->name()), service->method(m));
      }
    }
  }
}

JsonTranscoder::~JsonTranscoder() = default;

bool JsonTranscoder::Knows(std::string_view name) const { return methods_.contains(name); }

void JsonTranscoder::Call(std::string_view name, const std::string& body, const std::string& peer,
                          HttpReply reply) const {
  const auto found = methods_.find(name);
  CP_CHECK(found != methods_.end());
  const pb::MethodDescriptor& method = *found->second;
  if (method.client_streaming() || method.server_streaming()) {
    return reply(
        ErrorResponse(grpc::StatusCode::UNIMPLEMENTED, fmt::format("{} streams and is served over gRPC only", name)));
  }
  auto call = std::make_shared<PendingCall>();
  call->request = New(method.input_type());
  call->response = New(method.output_type());
  const auto parsed = pb::util::JsonStringToMessage(body.empty() ? "{}" : body, call->request.get());
  if (!parsed.ok()) {
    return reply(ErrorResponse(
        grpc::StatusCode::INVALID_ARGUMENT,
        fmt::format("the body is not a {} in JSON: {}", method.input_type()->name(), std::string(parsed.message()))));
  }
  call->context.set_deadline(std::chrono::system_clock::now() + deadline_);
  call->context.AddMetadata(service::kInnerPeer, peer);
  call->reply = std::move(reply);
  const std::string path = fmt::format("/{}/{}", method.service()->full_name(), method.name());
  stub_->generic.UnaryCall(&call->context, path, {}, call->request.get(), call->response.get(),
                           [call](const grpc::Status& status) { call->Complete(status); });
}

}  // namespace cacheplane::gateway
