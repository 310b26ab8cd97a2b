// Where bad calls are made: an installation that is made anew once a call has changed it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "tests/unit/gateway_aws/golden_cases.h"
#include "tests/unit/gateway_aws/hostile/calls.h"
#include "tests/unit/gateway_aws/hostile/outcome.h"

namespace cacheplane::gateway::aws {

// A call that is right, to be made wrong.
struct GoodCall {
  const GoldenCase* golden = nullptr;  // null: of an operation that is not built
  Form form;
  bool taken = false;  // false: whatever is asked of that operation is refused
};

// Those of golden/<action>/ that are not refused, or else its first; for an operation that is not built, the one with
// every member filled.
std::vector<GoodCall> GoodCallsOf(const std::string& action);

class Ground {
 public:
  // Checks what every answer has to be, and that a refusal and a reading call leave everything as it was. The call's
  // name and body are in what is printed otherwise.
  void Make(const HostileCall& call, const GoldenCase* prepared);

  int made() const { return made_; }
  int taken() const { return taken_; }

 private:
  ServedApi& Api(const GoldenCase* prepared);

  std::unique_ptr<ServedApi> api_;
  const GoldenCase* prepared_ = nullptr;
  Stored before_;
  int made_ = 0;
  int taken_ = 0;
};

// Of the environment; a test that uses it prints it.
std::uint64_t Seed();
// Whether HOSTILE_ONLY, when it is set, is a part of the name.
bool IsWanted(const std::string& name);

}  // namespace cacheplane::gateway::aws
