// One stream as a gRPC reactor: what agent and router sessions share. Included only by the .cc files of this folder
// that speak gRPC.
//
//   reading ──► Receive (one message at a time) ──► reading …
//   writing: at most one message is under way; when it is done, Next() is asked for the newest (nothing is queued)
//   Stop (once, whoever asks first) ──► Leave ──► OnDone: gone
//
// Locking: gRPC's Start calls, Finish and TryCancel only schedule; they never run a reaction on the caller's stack, so
// they are called with the lock held, which is what keeps anything from being started behind Finish.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "common/clock.h"
#include "common/log.h"
#include "controlplane/agents/grpc_status.h"
#include "controlplane/agents/session_context.h"

namespace cacheplane::agents {

template <typename Request, typename Response>
class StreamSession : public grpc::ServerBidiReactor<Request, Response>, public LiveSession {
 public:
  StreamSession(std::shared_ptr<SessionContext> context, grpc::CallbackServerContext* call)
      : context_(std::move(context)), call_(call), peer_(call->peer()), heard_(context_->clock.Mono()) {}

  void StartReading() { this->StartRead(&request_); }

  // LiveSession and Link.
  void End(const Error& error) override { Stop(ToGrpcStatus(error), error.message); }

  void Tick(MonoTime now) override {
    bool silent = false;
    {
      std::scoped_lock lock(mutex_);
      silent = now - heard_ >= context_->silence;
      // A peer that does not read holds back the final status, too: then nothing but cancelling helps.
      if (!done_ && writing_ && now - write_began_ >= context_->silence) call_->TryCancel();
    }
    if (silent) End({ErrorCode::kDeadlineExceeded, "no message came in time"});
  }

  void OnReadDone(bool ok) final {
    if (!ok) return Stop(grpc::Status::OK, "the peer closed it");
    {
      std::scoped_lock lock(mutex_);
      if (ended_) return;
      heard_ = context_->clock.Mono();
    }
    const Status received = Receive(request_);
    if (!received.ok()) return End(received.error());
    Flush();
    std::scoped_lock lock(mutex_);
    if (!ended_) this->StartRead(&request_);
  }

  void OnWriteDone(bool ok) final {
    {
      std::scoped_lock lock(mutex_);
      writing_ = false;
    }
    if (!ok) return OnCancel();
    Flush();
  }

  void OnCancel() final { Stop(grpc::Status::CANCELLED, "the peer went away"); }

  void OnDone() final {
    {
      std::scoped_lock lock(mutex_);
      done_ = true;
    }
    context_->live.Remove(this);  // drops the owning reference
  }

 protected:
  // A message came. An error ends the session.
  virtual Status Receive(const Request& request) = 0;
  // Fills the next message if there is one. Called with the lock held.
  virtual bool Next(Response* response) = 0;
  // The session ended. Never called with the lock held; may run while Receive does.
  virtual void Leave() = 0;
  // For the log, such as "agent a1". Called with the lock held.
  virtual std::string Who() const = 0;

  // Writes the next message unless one is under way: OnWriteDone asks again.
  void Flush() {
    std::scoped_lock lock(mutex_);
    if (ended_ || writing_ || !Next(&response_)) return;
    writing_ = true;
    write_began_ = context_->clock.Mono();
    this->StartWrite(&response_);
  }

  bool ended() const { return ended_; }  // with the lock held

  const std::shared_ptr<SessionContext> context_;
  std::mutex mutex_;

 private:
  void Stop(const grpc::Status& status, const std::string& why) {
    std::string who;
    {
      std::scoped_lock lock(mutex_);
      if (std::exchange(ended_, true)) return;
      who = Who();
      this->Finish(status);
    }
    log::Info("session of {} from {} ended: {}", who, peer_, why);
    Leave();
  }

  grpc::CallbackServerContext* const call_;  // valid until done_
  const std::string peer_;
  Request request_;
  Response response_;
  MonoTime heard_;
  MonoTime write_began_;
  bool writing_ = false;
  bool ended_ = false;
  bool done_ = false;
};

}  // namespace cacheplane::agents
