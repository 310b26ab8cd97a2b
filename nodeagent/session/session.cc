#include "nodeagent/session/session.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <random>
#include <utility>

#include "common/file.h"
#include "common/log.h"
#include "common/text.h"
#include "nodeagent/session/proto_convert.h"
#include "nodeagent/session/stream.h"

namespace cacheplane::agent {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirstPause{50};
constexpr milliseconds kLongestPause{1000};

std::shared_ptr<grpc::Channel> Dial(const std::string& target) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, static_cast<int>(kFirstPause.count()));
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, static_cast<int>(kLongestPause.count()));
  // By its name a pause, by its effect how long one attempt to connect may take.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5000);
  // A control plane whose host vanished sends no end: without an answer the connection is given up.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 20'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 5000);
  return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

struct Session::Impl {
  LoopDoor loop;
  Options options;
  Handlers handlers;
  std::unique_ptr<v1::AgentService::Stub> stub{};
  Stream* stream = nullptr;  // owns itself; null from Finish on
  std::shared_ptr<Stream::Handlers> events{};
  bool hello_sent = false;
  bool writing = false;
  bool heard = false;   // of the control plane, on this stream
  bool active = false;  // a call is not done yet
  bool held = false;
  bool open_due = false;                     // it would have been opened if it were not held
  std::deque<v1::SessionRequest> answers{};  // they go before anything else
  std::function<void()> closed{};
  milliseconds pause = kFirstPause;
  std::uint64_t timer = 0;
  std::minstd_rand random{std::random_device{}()};

  void Open() {
    timer = 0;
    if (held) {
      open_due = true;
      return;
    }
    const auto token = ReadFile(options.token_file);
    if (!token.ok()) {
      log::Error("token: {}", token.error().message);
      return OpenLater();
    }
    hello_sent = heard = false;
    answers.clear();
    active = writing = true;
    stream = new Stream(*stub, std::string(Trim(*token)), loop, events);
    stream->Write(ToProto(handlers.hello()));
  }

  void OpenLater() {
    // Half of the pause is chance, so that the agents of a restarted control plane do not come all at once.
    const auto half = pause / 2;
    const milliseconds jittered =
        half + milliseconds(std::uniform_int_distribution<std::int64_t>(0, half.count())(random));
    pause = std::min(pause * 2, kLongestPause);
    timer = loop.after(jittered, [this] { Open(); });
  }

  void OnWritten() {
    writing = false;
    if (stream == nullptr) return;
    if (!std::exchange(hello_sent, true)) return handlers.opened();
    if (!WriteAnswer()) handlers.writable();
  }

  bool WriteAnswer() {
    if (stream == nullptr || !hello_sent || writing || answers.empty()) return false;
    Write(std::move(answers.front()));
    answers.pop_front();
    return true;
  }

  void OnReceived(const v1::SessionResponse& message) {
    pause = kFirstPause;
    if (!std::exchange(heard, true)) log::Info("control plane {} is reached", options.control_plane);
    for (const v1::Drill& drill : message.drills()) handlers.drill(FromProto(drill));
    for (const v1::Trial& trial : message.trials()) handlers.trial(FromProto(trial));
    if (message.has_lease()) handlers.lease(FromProto(message.lease()));
    if (!message.has_assignments()) return;
    std::vector<std::string> refused;
    const AssignmentUpdate update = FromProto(message.assignments(), refused);
    for (const std::string& line : refused) log::Error("{}", line);
    handlers.assignments(update);
  }

  void Write(v1::SessionRequest message) {
    writing = true;
    stream->Write(std::move(message));
  }

  void Finish() {
    if (stream != nullptr) std::exchange(stream, nullptr)->Finish();
  }

  void OnDone(const grpc::Status& status) {
    active = false;
    if (closed) return closed();
    if (heard || status.error_code() != grpc::StatusCode::UNAVAILABLE) {
      log::Warn("session with {} ended: {} {}", options.control_plane, static_cast<int>(status.error_code()),
                status.error_message());
    }
    OpenLater();
  }
};

Session::Session(LoopDoor loop, Options options, Handlers handlers)
    : impl_(new Impl{.loop = std::move(loop), .options = std::move(options), .handlers = std::move(handlers)}) {
  Impl* impl = impl_.get();
  impl->stub = v1::AgentService::NewStub(Dial(impl->options.control_plane));
  impl->events = std::make_shared<Stream::Handlers>(Stream::Handlers{
      .written = [impl] { impl->OnWritten(); },
      .received = [impl](const v1::SessionResponse& message) { impl->OnReceived(message); },
      .broken = [impl] { impl->Finish(); },
      .done = [impl](const grpc::Status& status) { impl->OnDone(status); },
  });
}

Session::~Session() { impl_->loop.cancel(impl_->timer); }

void Session::Start() { impl_->Open(); }

void Session::Close(std::function<void()> closed) {
  impl_->loop.cancel(impl_->timer);
  if (!impl_->active) return closed();
  impl_->closed = std::move(closed);
  impl_->Finish();
}

bool Session::Writable() const { return impl_->stream != nullptr && impl_->hello_sent && !impl_->writing; }

void Session::Send(const Facts& facts) { impl_->Write(ToProto(facts)); }

void Session::AnswerDrill(std::uint64_t id, const std::string& problem) {
  impl_->answers.push_back(DrillAnswerToProto(id, problem));
  impl_->WriteAnswer();
}

void Session::AnswerTrial(std::uint64_t id, const Verdict& verdict) {
  impl_->answers.push_back(TrialAnswerToProto(id, verdict));
  impl_->WriteAnswer();
}

void Session::Hold() { impl_->held = true; }

void Session::Release() {
  impl_->held = false;
  if (std::exchange(impl_->open_due, false)) impl_->Open();
}

void Session::AskForLeases(std::uint64_t sequence) { impl_->Write(LeaseRequestToProto(sequence)); }

}  // namespace cacheplane::agent
