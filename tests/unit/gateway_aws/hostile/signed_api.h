// The API as callers with access keys meet it: signatures are made and checked.
#pragma once

#include <chrono>
#include <string>

#include "controlplane/gateway/aws/signing/key_authenticator.h"
#include "tests/unit/gateway_aws/served_api.h"

namespace cacheplane::gateway::aws {

// How a request is signed; what is not said is right.
struct Signing {
  std::string access_key;
  std::string secret;
  std::string region = "us-east-2";
  std::string service = "elasticache";
  std::chrono::minutes ago{0};
  HttpHeaders more{};  // signed as well
};

class SignedApi {
 public:
  SignedApi();

  Signing Admin() const { return {.access_key = admin_.key.id.str(), .secret = admin_.secret}; }
  Signing Viewer() const { return {.access_key = viewer_.key.id.str(), .secret = viewer_.secret}; }
  // POST / of that body to localhost.
  HttpRequest Sign(const std::string& body, const Signing& signing) const;
  // As bytes of HTTP/1.1.
  static std::string OnTheWire(const HttpRequest& request);

  // Throws unless exactly one answer came.
  HttpResponse Send(HttpRequest request);

  ServedApi& api() { return api_; }
  service::AccessKeyService& keys() { return keys_; }
  AwsEndpoint& endpoint() { return endpoint_; }

 private:
  ServedApi api_;
  service::SpelledSecrets secrets_;
  service::AccessKeyService keys_{api_.world().store, secrets_, api_.world().identifiers, api_.world().signals,
                                  api_.world().clock};
  service::SecretAccessKey admin_;
  service::SecretAccessKey viewer_;
  KeyAuthenticator authenticator_{keys_};
  service::AuditTrail trail_{api_.world().store, api_.world().clock};
  AwsEndpoint endpoint_{{authenticator_, api_.world().clock, api_.table(), trail_}};
};

// The header of that name (in lower case); throws when there is none.
std::string& HeaderIn(HttpRequest& request, const std::string& name);

}  // namespace cacheplane::gateway::aws
