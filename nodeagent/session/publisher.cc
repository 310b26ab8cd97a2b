#include "nodeagent/session/publisher.h"

#include <chrono>
#include <utility>

namespace cacheplane::agent {
namespace {

constexpr std::chrono::milliseconds kHeartbeat{1000};

}  // namespace

Publisher::Publisher(LoopDoor loop, Channel channel) : loop_(std::move(loop)), channel_(std::move(channel)) { Beat(); }

Publisher::~Publisher() { loop_.cancel(timer_); }

void Publisher::OnOpened() {
  whole_due_ = true;
  Publish();
}

void Publisher::Publish() {
  if (!channel_.writable()) return;
  const bool whole = std::exchange(whole_due_, false);
  const Facts message = whole ? diff_.Whole(channel_.current()) : diff_.ChangesIn(channel_.take_changed());
  if (!IsEmpty(message)) channel_.send(message);
}

void Publisher::Beat() {
  timer_ = loop_.after(kHeartbeat, [this] { Beat(); });
  whole_due_ = true;
  Publish();
}

}  // namespace cacheplane::agent
