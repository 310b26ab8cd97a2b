// A control plane inside the test process: answers the public API with what a test says, and remembers the questions.
#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cacheplane/v1/event.pb.h"
#include "common/result.h"

namespace cacheplane::cli {

class FakeControlPlane {
 public:
  // Sends one event; false when the reader is gone.
  using SendEvent = std::function<bool(const v1::Event&)>;
  // Ends the stream with an error, or holds it open until the reader is gone when it returns ok.
  using Watcher = std::function<Status(const v1::WatchEventsRequest&, const SendEvent&)>;

  FakeControlPlane();
  ~FakeControlPlane();
  FakeControlPlane(const FakeControlPlane&) = delete;
  FakeControlPlane& operator=(const FakeControlPlane&) = delete;

  // "127.0.0.1:<port>"
  const std::string& endpoint() const { return endpoint_; }

  // Answers every later Request by `handler`; a method without one answers an empty message.
  template <typename Request, typename Response>
  void On(std::function<Status(const Request&, Response*)> handler) {
    SetHandler(Request::descriptor()->full_name(), [handler](const auto& request, auto* response) {
      return handler(static_cast<const Request&>(request), static_cast<Response*>(response));
    });
  }

  template <typename Request>
  void Answer(const google::protobuf::Message& response) {
    const std::shared_ptr<google::protobuf::Message> copy(response.New());
    copy->CopyFrom(response);
    SetHandler(Request::descriptor()->full_name(), [copy](const auto&, auto* answer) {
      answer->CopyFrom(*copy);
      return Status();
    });
  }

  template <typename Request>
  void Refuse(const Error& error) {
    SetHandler(Request::descriptor()->full_name(), [error](const auto&, auto*) { return Status(error); });
  }

  void OnWatch(Watcher watcher);

  // The requests of one type in the order they came.
  template <typename Request>
  std::vector<Request> Asked() const {
    std::vector<Request> found;
    const std::lock_guard lock(mutex_);
    for (const auto& message : asked_) {
      if (const auto* request = dynamic_cast<const Request*>(message.get())) found.push_back(*request);
    }
    return found;
  }

 private:
  using Handler = std::function<Status(const google::protobuf::Message&, google::protobuf::Message*)>;
  struct Services;

  void SetHandler(const std::string& type, Handler handler);
  Status Dispatch(const google::protobuf::Message& request, google::protobuf::Message* response);

  mutable std::mutex mutex_;
  std::map<std::string, Handler> handlers_;
  Watcher watcher_;
  std::vector<std::unique_ptr<google::protobuf::Message>> asked_;
  std::unique_ptr<Services> services_;
  std::string endpoint_;
};

}  // namespace cacheplane::cli
