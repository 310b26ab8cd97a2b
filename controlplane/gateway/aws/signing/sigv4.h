// AWS Signature Version 4, as who is called verifies it: of requests that carry it in their Authorization header. Pure.
//
//   Authorization ──ReadAuthorization──► who, when, what is signed ──CheckTime──► fresh ──CheckSignature──► genuine
//
// The words are those of AWS, since tools and people look for them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/clock.h"
#include "controlplane/gateway/aws/wire/fault.h"
#include "controlplane/gateway/http_server.h"

namespace cacheplane::gateway::aws {

// How far the caller's clock may be from ours.
inline constexpr std::chrono::minutes kMostClockSkew{15};

// What a request says of its signature. Nothing of it is proven.
struct Authorization {
  std::string access_key;
  std::string date;  // of the credential's scope: "20150830"
  std::string region;
  std::string service;
  std::vector<std::string> signed_headers;  // lower case
  std::string signature;
  WallTime time;

  // "20150830/us-east-1/elasticache/aws4_request"
  std::string Scope() const;
};

// MissingAuthenticationToken (403) without the header; IncompleteSignature (400) for one that is not well formed and
// for a time that is none; SignatureDoesNotMatch (403) for a scope of another day or with another end, and when the
// host is not signed.
std::variant<Authorization, Fault> ReadAuthorization(const HttpRequest& request);

// RequestExpired (400) for a signature that is too old, SignatureDoesNotMatch (403) for one of the future.
std::optional<Fault> CheckTime(const Authorization& authorization, WallTime now);

// SignatureDoesNotMatch (403): the request or its signature was changed, or `secret` is not what it was signed with.
std::optional<Fault> CheckSignature(const HttpRequest& request, const Authorization& authorization,
                                    const std::string& secret);

}  // namespace cacheplane::gateway::aws
