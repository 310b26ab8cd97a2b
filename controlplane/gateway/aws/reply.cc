#include "controlplane/gateway/aws/reply.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "common/random_id.h"
#include "controlplane/gateway/aws/wire/model.h"
#include "controlplane/gateway/aws/wire/xml.h"

namespace cacheplane::gateway::aws {

std::string NewRequestId() {
  std::string hex = RandomHex(16);
  hex[12] = '4';                                              // RFC 9562: version …
  hex[16] = "89ab"[static_cast<unsigned char>(hex[16]) % 4];  // … and variant
  const std::string_view all = hex;
  return fmt::format("{}-{}-{}-{}-{}", all.substr(0, 8), all.substr(8, 4), all.substr(12, 4), all.substr(16, 4),
                     all.substr(20));
}

HttpResponse XmlReply(int status, std::string xml, const std::string& request_id) {
  HttpResponse response;
  response.status = status;
  response.content_type = "text/xml";
  response.body = std::move(xml);
  response.headers.emplace_back("x-amzn-RequestId", request_id);
  return response;
}

HttpResponse EarlyFaultReply(const Fault& fault) {
  const std::string id = NewRequestId();
  return XmlReply(fault.http, EncodeFault(fault, ApiModel::ElastiCache().xml_namespace(), id), id);
}

}  // namespace cacheplane::gateway::aws
