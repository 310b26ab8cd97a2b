// Requests as clients sent them, signed by botocore 1.43.11 with the example key of AWS's documentation.
#pragma once

#include <string>
#include <vector>

#include "common/clock.h"
#include "controlplane/gateway/http_server.h"

namespace cacheplane::gateway::aws {

inline constexpr const char* kExampleKey = "AKIAIOSFODNN7EXAMPLE";
inline constexpr const char* kExampleSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

// When they were signed: 2026-11-23T01:05:45Z.
WallTime SignedAt();

HttpRequest SignedByBotocore();   // CreateReplicationGroup in eu-west-1, headers as aws-cli has them
HttpRequest SignedLikeGo();       // also content-length and amz-sdk-*, as Terraform's
HttpRequest SignedLikeJs();       // also x-amz-content-sha256
HttpRequest SignedWithoutBody();  // x-amz-content-sha256: UNSIGNED-PAYLOAD

// The header, to be changed; it must be there.
std::string& HeaderOf(HttpRequest& request, const std::string& name);
void RemoveHeader(HttpRequest& request, const std::string& name);

// In the header, replaces what is there once.
void Replace(HttpRequest& request, const std::string& header, const std::string& what, const std::string& by);

}  // namespace cacheplane::gateway::aws
