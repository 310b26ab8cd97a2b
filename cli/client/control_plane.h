// The control plane as the commands see it: one Call for every unary method of cacheplane.v1, errors as Results.
// gRPC stays inside the .cc file.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "common/result.h"

namespace cacheplane::v1 {
class Event;
class WatchEventsRequest;
}  // namespace cacheplane::v1

namespace cacheplane::cli {

// Every call but a wait answers as soon as the definition is durable.
inline constexpr std::chrono::seconds kCallDeadline(10);

class ControlPlane {
 public:
  // "host:port". Connects at the first call.
  explicit ControlPlane(std::string endpoint);
  ~ControlPlane();
  ControlPlane(const ControlPlane&) = delete;
  ControlPlane& operator=(const ControlPlane&) = delete;

  // Instantiated for every (XRequest, XResponse) of the public API. kUnavailable when there is no connection,
  // kDeadlineExceeded when there is one but no answer, kAborted after Cancel, else what the server answered.
  template <typename Request, typename Response>
  Status Call(const Request& request, Response* response, std::chrono::milliseconds deadline = kCallDeadline);

  // Hands every event over as it comes; returns when the stream ends, which is always an error.
  Status WatchEvents(const v1::WatchEventsRequest& request, const std::function<void(const v1::Event&)>& on_event);

  // Ends the call under way and refuses later ones. From any thread.
  void Cancel();
  bool cancelled() const;
  // Sleeps, but not beyond Cancel.
  void Pause(std::chrono::milliseconds duration);

  const std::string& endpoint() const { return endpoint_; }

 private:
  struct Channel;

  const std::string endpoint_;
  const std::unique_ptr<Channel> channel_;
};

}  // namespace cacheplane::cli
