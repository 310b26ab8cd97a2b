// OperationService. WaitOperation holds no thread: its reactor is woken by the hub.
//
//   Start ──► look ──► answer
//              ▲ │ not yet
//    hub: grew │ └──► wait ──► hub: deadline, closed; client: cancel ──► answer as it is, UNAVAILABLE, CANCELLED
//              └───────┘
#include <atomic>

#include "cacheplane/v1/operation.grpc.pb.h"
#include "controlplane/api/adapters.h"
#include "controlplane/api/proto_convert.h"
#include "controlplane/api/unary_call.h"

namespace cacheplane::api {
namespace {

using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

class WaitReactor final : public Reactor, public std::enable_shared_from_this<WaitReactor> {
 public:
  WaitReactor(service::OperationService& operations, JournalHub& journal, const v1::WaitOperationRequest& request,
              v1::WaitOperationResponse* response)
      : operations_(operations), journal_(journal), id_(request.id()), response_(response) {}

  void Start(const Result<WaitTerms>& terms) {
    self_ = shared_from_this();
    if (!terms.ok()) return End(ToGrpc(terms.error()));
    known_revision_ = terms->known_revision;
    const JournalHub::Deadline deadline = std::chrono::steady_clock::now() + terms->timeout;
    ticket_ = journal_.Add(deadline, [self = shared_from_this()](Wake wake) { self->Look(wake); });
    Look(Wake::kGrew);
  }

  void OnCancel() override { End(grpc::Status::CANCELLED); }

  // Comes after every other call of gRPC, and after Start returned.
  void OnDone() override {
    journal_.Remove(ticket_);
    self_.reset();
  }

 private:
  void Look(Wake wake) {
    if (ended_) return;
    const Result<model::Operation> operation = operations_.GetOperation(id_);
    if (!operation.ok()) return End(ToGrpc(operation.error()));
    const bool ended = !model::IsOpen(*operation);
    const bool moved = known_revision_ > 0 && operation->revision > known_revision_;
    if (ended || moved || wake == Wake::kDeadline) return End(grpc::Status::OK, &*operation);
    if (wake == Wake::kClosed) End(ToGrpc(Unavailable("the server is shutting down; ask again")));
  }

  // The first call wins: only it may touch the response.
  void End(const grpc::Status& status, const model::Operation* operation = nullptr) {
    if (ended_.exchange(true)) return;
    if (operation != nullptr) ToProto(*operation, *response_->mutable_operation());
    Finish(status);
  }

  service::OperationService& operations_;
  JournalHub& journal_;
  const std::string id_;
  v1::WaitOperationResponse* const response_;
  std::uint64_t known_revision_ = 0;
  JournalHub::Ticket ticket_ = 0;
  std::atomic<bool> ended_ = false;
  std::shared_ptr<WaitReactor> self_;  // until OnDone; the hub may hold it longer
};

class OperationApi final : public v1::OperationService::CallbackService {
 public:
  OperationApi(service::OperationService& operations, JournalHub& journal)
      : operations_(operations), journal_(journal) {}

  Reactor* GetOperation(Context* context, const v1::GetOperationRequest* request,
                        v1::GetOperationResponse* response) override {
    return Answer(context, [&] { return Put(operations_.GetOperation(request->id()), response->mutable_operation()); });
  }

  Reactor* ListOperations(Context* context, const v1::ListOperationsRequest* request,
                          v1::ListOperationsResponse* response) override {
    return Answer(context, [&] {
      return PutPage(operations_.ListOperations(request->target(), PageOf(*request)), response,
                     &v1::ListOperationsResponse::add_operations);
    });
  }

  Reactor* CancelOperation(Context* context, const v1::CancelOperationRequest* request,
                           v1::CancelOperationResponse* response) override {
    return Answer(context,
                  [&] { return Put(operations_.CancelOperation(request->id()), response->mutable_operation()); });
  }

  Reactor* WaitOperation(Context* context, const v1::WaitOperationRequest* request,
                         v1::WaitOperationResponse* response) override {
    EchoRequestId(*context);
    const auto reactor = std::make_shared<WaitReactor>(operations_, journal_, *request, response);
    reactor->Start(FromProto(*request));
    return reactor.get();
  }

 private:
  service::OperationService& operations_;
  JournalHub& journal_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeOperationApi(service::OperationService& operations, JournalHub& journal) {
  return std::make_unique<OperationApi>(operations, journal);
}

}  // namespace cacheplane::api
