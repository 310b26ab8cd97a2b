#include "nodeagent/session/stream.h"

#include <utility>

namespace cacheplane::agent {

Stream::Stream(v1::AgentService::Stub& stub, const std::string& token, LoopDoor loop,
               std::shared_ptr<Handlers> handlers)
    : loop_(std::move(loop)), handlers_(std::move(handlers)) {
  context_.AddMetadata("authorization", "Bearer " + token);
  // The channel's own attempts end the wait; failing at once would add our pause to each of them.
  context_.set_wait_for_ready(true);
  stub.async()->Session(&context_, this);
  AddHold();
  StartRead(&response_);
  StartCall();
}

void Stream::Write(v1::SessionRequest message) {
  request_ = std::move(message);
  StartWrite(&request_);
}

void Stream::Finish() {
  context_.TryCancel();
  RemoveHold();
}

void Stream::OnReadDone(bool ok) {
  if (!ok) return loop_.post([handlers = handlers_] { handlers->broken(); });
  loop_.post([handlers = handlers_, message = std::move(response_)] { handlers->received(message); });
  StartRead(&response_);
}

void Stream::OnWriteDone(bool ok) {
  loop_.post([handlers = handlers_, ok] { ok ? handlers->written() : handlers->broken(); });
}

void Stream::OnDone(const grpc::Status& status) {
  loop_.post([handlers = handlers_, status] { handlers->done(status); });
  delete this;
}

}  // namespace cacheplane::agent
