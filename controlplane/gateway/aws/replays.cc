#include "controlplane/gateway/aws/replays.h"

#include <iterator>
#include <utility>

namespace cacheplane::gateway::aws {

bool Replays::Begin(const Key& key, HttpReply reply, MonoTime now) {
  return !IsAnswered(key, std::move(reply), now, Unknown::kBegins);
}

bool Replays::Join(const Key& key, HttpReply reply, MonoTime now) {
  return IsAnswered(key, std::move(reply), now, Unknown::kStaysUnknown);
}

bool Replays::IsAnswered(const Key& key, HttpReply reply, MonoTime now, Unknown unknown) {
  HttpResponse remembered;
  {
    std::scoped_lock lock(mutex_);
    Forget(now);
    const auto call = calls_.find(key);
    if (call == calls_.end()) {
      if (unknown == Unknown::kBegins) calls_[key].since = now;
      return false;
    }
    if (!call->second.answered) {
      call->second.waiting.push_back(std::move(reply));
      return true;
    }
    remembered = call->second.response;
  }
  reply(std::move(remembered));
  return true;
}

void Replays::Settle(const Key& key, const HttpResponse& response, MonoTime now) {
  std::vector<HttpReply> waiting;
  {
    std::scoped_lock lock(mutex_);
    const auto call = calls_.find(key);
    if (call == calls_.end() || call->second.answered) return;
    waiting = std::move(call->second.waiting);
    if (response.status >= 500) {
      Drop(call);
    } else {
      call->second = {now, true, response, {}};
      bytes_ += response.body.size();
      MakeRoom();
    }
  }
  for (const HttpReply& reply : waiting) reply(response);
}

std::size_t Replays::size() const {
  std::scoped_lock lock(mutex_);
  return calls_.size();
}

// One that was begun so long ago and never settled has lost its caller: the HTTP server gave up on it long before.
void Replays::Forget(MonoTime now) {
  for (auto call = calls_.begin(); call != calls_.end();) {
    const auto next = std::next(call);
    if (now - call->second.since >= kKept) Drop(call);
    call = next;
  }
}

void Replays::MakeRoom() {
  while (calls_.size() > kMaxCalls || bytes_ > kMaxBytes) {
    auto oldest = calls_.end();
    for (auto call = calls_.begin(); call != calls_.end(); ++call) {
      if (call->second.answered && (oldest == calls_.end() || call->second.since < oldest->second.since)) oldest = call;
    }
    if (oldest == calls_.end()) return;
    Drop(oldest);
  }
}

void Replays::Drop(std::map<Key, Call>::iterator call) {
  if (call->second.answered) bytes_ -= call->second.response.body.size();
  calls_.erase(call);
}

}  // namespace cacheplane::gateway::aws
