// EventService. A watch holds no thread and at most one page of events: it reads on when its client has taken the last
// event, and is woken by the hub when there was nothing to read.
#include <deque>
#include <mutex>

#include "cacheplane/v1/event.grpc.pb.h"
#include "controlplane/api/adapters.h"
#include "controlplane/api/proto_convert.h"
#include "controlplane/api/unary_call.h"

namespace cacheplane::api {
namespace {

using Context = grpc::CallbackServerContext;

constexpr int kEventsInMemory = 100;

class WatchReactor final : public grpc::ServerWriteReactor<v1::WatchEventsResponse>,
                           public std::enable_shared_from_this<WatchReactor> {
 public:
  WatchReactor(service::EventService& events, JournalHub& journal, std::string cluster)
      : events_(events), journal_(journal), cluster_(std::move(cluster)) {}

  void Start(const Result<std::uint64_t>& start) {
    self_ = shared_from_this();
    if (!start.ok()) return End(ToGrpc(start.error()));
    cursor_ = *start;
    StartSendInitialMetadata();  // tells the client that every event from now on will come
    ticket_ = journal_.Add(std::nullopt, [self = shared_from_this()](Wake wake) { self->OnWake(wake); });
    Continue();
  }

  void OnWriteDone(bool ok) override {
    {
      const std::lock_guard lock(mutex_);
      writing_ = false;
    }
    if (!ok) End(grpc::Status::CANCELLED);
    Continue();
  }

  void OnCancel() override { End(grpc::Status::CANCELLED); }

  // Comes after every other call of gRPC, and after Start returned.
  void OnDone() override {
    journal_.Remove(ticket_);
    self_.reset();
  }

 private:
  void OnWake(Wake wake) {
    if (wake == Wake::kClosed) End(ToGrpc(Unavailable("the server is shutting down; resume with the last token")));
    Continue();
  }

  // The first end wins; it is carried out once no write is under way.
  void End(const grpc::Status& status) {
    {
      const std::lock_guard lock(mutex_);
      if (!end_) end_ = status;
    }
    Continue();
  }

  // One step: the end, or the next event if there is one. gRPC is called without the lock, but never by two at once:
  // `writing_` and `finished_` are claimed under it.
  void Continue() {
    std::unique_lock lock(mutex_);
    if (writing_ || finished_) return;
    if (end_) {
      finished_ = true;
      lock.unlock();
      Finish(*end_);
      return;
    }
    if (!TakeNext()) return;
    writing_ = true;
    lock.unlock();
    StartWrite(&response_);
  }

  // Moves the next event into the response.
  bool TakeNext() {
    if (page_.empty()) {
      const std::vector<model::Event> events = events_.EventsAfter(cursor_, cluster_, kEventsInMemory);
      page_.assign(events.begin(), events.end());
    }
    if (page_.empty()) return false;
    cursor_ = page_.front().sequence;
    ToProto(page_.front(), *response_.mutable_event());
    page_.pop_front();
    return true;
  }

  service::EventService& events_;
  JournalHub& journal_;
  const std::string cluster_;
  JournalHub::Ticket ticket_ = 0;
  std::mutex mutex_;
  std::uint64_t cursor_ = 0;  // this and the following guarded by mutex_
  std::deque<model::Event> page_;
  v1::WatchEventsResponse response_;
  bool writing_ = false;
  bool finished_ = false;
  std::optional<grpc::Status> end_;
  std::shared_ptr<WatchReactor> self_;  // until OnDone; the hub may hold it longer
};

class EventApi final : public v1::EventService::CallbackService {
 public:
  EventApi(service::EventService& events, JournalHub& journal) : events_(events), journal_(journal) {}

  grpc::ServerUnaryReactor* ListEvents(Context* context, const v1::ListEventsRequest* request,
                                       v1::ListEventsResponse* response) override {
    return Answer(context, [&]() -> Status {
      CP_ASSIGN_OR_RETURN(const service::ListEventsRequest wanted, FromProto(*request));
      return PutPage(events_.ListEvents(wanted), response, &v1::ListEventsResponse::add_events);
    });
  }

  grpc::ServerWriteReactor<v1::WatchEventsResponse>* WatchEvents(Context* context,
                                                                 const v1::WatchEventsRequest* request) override {
    EchoRequestId(*context);
    const auto reactor = std::make_shared<WatchReactor>(events_, journal_, request->cluster());
    reactor->Start(events_.StartOf(request->resume_token()));
    return reactor.get();
  }

 private:
  service::EventService& events_;
  JournalHub& journal_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeEventApi(service::EventService& events, JournalHub& journal) {
  return std::make_unique<EventApi>(events, journal);
}

}  // namespace cacheplane::api
