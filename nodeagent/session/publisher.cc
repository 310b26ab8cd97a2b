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
  const Facts current = channel_.current();
  const Facts message = std::exchange(whole_due_, false) ? diff_.Whole(current) : diff_.ChangesIn(current);
  if (!IsEmpty(message)) channel_.send(message);
}

void Publisher::Beat() {
  timer_ = loop_.after(kHeartbeat, [this] { Beat(); });
  whole_due_ = true;
  Publish();
}

}  // namespace cacheplane::agent
