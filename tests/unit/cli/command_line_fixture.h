// Runs whole command lines against a FakeControlPlane and captures what a user would see.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "cacheplane/v1/cluster.pb.h"
#include "cacheplane/v1/operation.pb.h"
#include "tests/unit/cli/fake_control_plane.h"

namespace cacheplane::cli {

struct Outcome {
  int code = -1;
  std::string out;
  std::string err;
};

class CommandLineTest : public testing::Test {
 protected:
  // `line` is split at spaces; the endpoint of the fake is in the environment.
  Outcome Run(const std::string& line);
  Outcome Run(const std::vector<std::string>& words);

  FakeControlPlane server_;
  std::map<std::string, std::string> env_;
  std::string input_;
  bool tty_ = false;
  std::vector<std::string> executed_;  // what `connect` would have become
};

// "orders", one primary and one replica, with endpoints.
v1::Cluster AvailableCluster();

// "op-1", running at revision 1, of that kind on "orders".
v1::Operation RunningOperation(const std::string& kind);

// Makes the fake answer waits with `end`, and gets of "orders" with `cluster`.
void EndOperation(FakeControlPlane& server, const v1::Operation& end, const v1::Cluster& cluster);

}  // namespace cacheplane::cli
