// A short text that is equal for equal requests, in every run and version of the program: repeated calls with one
// request id must be the same call. The request id itself is left out.
#pragma once

#include <string>

#include "controlplane/service/requests.h"

namespace cacheplane::service {

std::string Fingerprint(const CreateClusterRequest& request);
std::string Fingerprint(const ModifyClusterRequest& request);
std::string Fingerprint(const DeleteClusterRequest& request);
std::string Fingerprint(const SwitchoverClusterRequest& request);
std::string Fingerprint(const TestFailoverRequest& request);

}  // namespace cacheplane::service
