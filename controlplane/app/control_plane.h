// The wiring of cacheplaned: who is handed to whom, and in which order they start and stop.
#pragma once

#include <memory>

#include "common/result.h"
#include "controlplane/app/options.h"

namespace cacheplane::app {

class ControlPlane {
 public:
  // Opens the store, listens and begins to reconcile. The error says what could not be had.
  static Result<std::unique_ptr<ControlPlane>> Start(const Options& options);
  // Stops in reverse: no new calls, no more decisions, then the store is closed.
  ~ControlPlane();

  int grpc_port() const;
  int http_port() const;

 private:
  struct Parts;
  explicit ControlPlane(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace cacheplane::app
