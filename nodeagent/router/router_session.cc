#include "nodeagent/router/router_session.h"

#include <fmt/format.h>
#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "cacheplane/agent/v1/router.grpc.pb.h"
#include "common/file.h"
#include "common/log.h"
#include "common/text.h"
#include "nodeagent/network/sealed.h"
#include "nodeagent/router/backoff.h"
#include "nodeagent/router/proto_convert.h"

namespace cacheplane::router {
namespace {

using agent::v1::RouterService;
using agent::v1::RouterSessionRequest;
using agent::v1::RouterSessionResponse;
using std::chrono::milliseconds;

constexpr milliseconds kHeartbeat{1000};
// A stream that lived this long was a good one: the next dial does not wait as if it had failed.
constexpr milliseconds kGoodStream{2000};

// One call from dial to end. gRPC's threads call the On… methods.
class Stream final : public grpc::ClientBidiReactor<RouterSessionRequest, RouterSessionResponse> {
 public:
  Stream(RouterService::Stub& stub, const std::string& token, RouterSession::OnMap on_map)
      : on_map_(std::move(on_map)) {
    if (!token.empty()) context_.AddMetadata("authorization", "Bearer " + token);
    stub.async()->RouterSession(&context_, this);
    AddHold();
    StartRead(&response_);
    StartCall();
  }

  // The newest facts win while a write is under way.
  void Send(RouterSessionRequest request) {
    const std::lock_guard lock(mutex_);
    if (broken_) return;
    if (writing_) {
      waiting_ = std::move(request);
    } else {
      Write(std::move(request));
    }
  }

  void Cancel() { context_.TryCancel(); }

  // The status once the call is over; nothing when it is not within `patience`.
  std::optional<grpc::Status> WaitDone(milliseconds patience) {
    std::unique_lock lock(mutex_);
    done_.wait_for(lock, patience, [this] { return status_.has_value(); });
    return status_;
  }

 private:
  void OnReadDone(bool ok) override {
    if (!ok) return Break();
    ReceivedMap received = FromProto(response_.map());
    if (response_.has_map()) on_map_(std::move(received.map), std::move(received.complaints));
    StartRead(&response_);
  }

  void OnWriteDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    if (ok && !broken_ && waiting_) Write(*std::exchange(waiting_, std::nullopt));
  }

  void OnDone(const grpc::Status& status) override {
    const std::lock_guard lock(mutex_);
    status_ = status;
    done_.notify_all();
  }

  // The other side ended the call: no writes from outside any more.
  void Break() {
    {
      const std::lock_guard lock(mutex_);
      broken_ = true;
    }
    context_.TryCancel();
    RemoveHold();
  }

  void Write(RouterSessionRequest request) {
    writing_ = true;
    request_ = std::move(request);
    StartWrite(&request_);
  }

  const RouterSession::OnMap on_map_;
  grpc::ClientContext context_;
  RouterSessionResponse response_;
  std::mutex mutex_;
  std::condition_variable done_;
  RouterSessionRequest request_;
  std::optional<RouterSessionRequest> waiting_;
  std::optional<grpc::Status> status_;
  bool writing_ = false;
  bool broken_ = false;
};

std::shared_ptr<grpc::Channel> Dial(const std::string& control_plane) {
  grpc::ChannelArguments arguments;
  // The session has its own pauses; the channel's would come on top.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 50);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 200);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1000);
  // A ping an hour, for servers hang up on whoever pings often. What counts is the side effect: the second value
  // becomes the socket's TCP_USER_TIMEOUT, so that unanswered heartbeats end the stream of a host that vanished.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 3'600'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 5000);
  return grpc::CreateCustomChannel(control_plane, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

class RouterSession::Impl {
 public:
  Impl(SessionOptions options, const RouterFacts& first, OnMap on_map)
      : options_(std::move(options)),
        facts_(first),
        on_map_(std::move(on_map)),
        stub_(RouterService::NewStub(Dial(options_.control_plane))),
        thread_([this] { Run(); }) {}

  ~Impl() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

  void Report(const RouterFacts& facts) {
    const std::lock_guard lock(mutex_);
    facts_ = facts;
    if (stream_ != nullptr) stream_->Send(Message());
  }

 private:
  void Run() {
    Backoff pause(milliseconds(50), milliseconds(1000));
    std::string last_problem;
    while (!Stopped()) {
      const auto started = std::chrono::steady_clock::now();
      const grpc::Status status = Live();
      if (Stopped()) return;
      if (std::chrono::steady_clock::now() - started > kGoodStream) {
        pause.Reset();
        last_problem.clear();
      }
      // One line per kind of trouble, not one per attempt.
      if (status.error_message() != last_problem) {
        last_problem = status.error_message();
        log::Warn("no session with the control plane at {}: {}", options_.control_plane, last_problem);
      }
      Sleep(pause.Next());
    }
  }

  // From dial to end of one stream.
  grpc::Status Live() {
    SetSwitchAddress(SwitchAddress());
    Stream stream(*stub_, Token(), on_map_);
    Attach(&stream);
    std::optional<grpc::Status> status;
    for (bool cancelled = false; !status; status = stream.WaitDone(milliseconds(100))) {
      if (!cancelled && Stopped()) stream.Cancel(), cancelled = true;
      Beat();
    }
    Attach(nullptr);
    return *status;
  }

  void SetSwitchAddress(std::string address) {
    const std::lock_guard lock(mutex_);
    switch_address_ = std::move(address);
  }

  void Attach(Stream* stream) {
    const std::lock_guard lock(mutex_);
    stream_ = stream;
    if (stream_ == nullptr) return;
    stream_->Send(Message());
    last_beat_ = std::chrono::steady_clock::now();
  }

  void Beat() {
    const std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (now - last_beat_ < kHeartbeat) return;
    last_beat_ = now;
    stream_->Send(Message());
  }

  RouterSessionRequest Message() const {
    RouterSessionRequest message = ToProto(options_.router, facts_);
    message.set_switch_address(switch_address_);
    return message;
  }

  // Agents reach this host where the control plane does, as far as is known.
  std::string SwitchAddress() const {
    if (options_.switch_port == 0) return "";
    const auto ip = network::AddressTowards(options_.control_plane);
    if (!ip.ok()) log::Warn("agents cannot tell this router of a switch: {}", ip.error().message);
    return ip.ok() ? fmt::format("{}:{}", *ip, options_.switch_port) : "";
  }

  std::string Token() const {
    if (options_.token_file.empty()) return "";
    const auto token = ReadFile(options_.token_file);
    if (!token.ok()) log::Warn("no join token: {}", token.error().message);
    return token.ok() ? std::string(Trim(*token)) : "";
  }

  bool Stopped() {
    const std::lock_guard lock(mutex_);
    return stopped_;
  }

  void Sleep(milliseconds time) {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, time, [this] { return stopped_; });
  }

  const SessionOptions options_;
  RouterFacts facts_;
  std::string switch_address_{};
  const OnMap on_map_;
  const std::unique_ptr<RouterService::Stub> stub_;
  std::mutex mutex_;
  std::condition_variable wake_;
  Stream* stream_ = nullptr;
  std::chrono::steady_clock::time_point last_beat_{};
  bool stopped_ = false;
  std::thread thread_;
};

RouterSession::RouterSession(SessionOptions options, const RouterFacts& first, OnMap on_map)
    : impl_(std::make_unique<Impl>(std::move(options), first, std::move(on_map))) {}
RouterSession::~RouterSession() = default;

void RouterSession::Report(const RouterFacts& facts) { impl_->Report(facts); }

}  // namespace cacheplane::router
