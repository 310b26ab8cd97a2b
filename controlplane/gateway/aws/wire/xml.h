// The documents that AWS answers with.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "controlplane/gateway/aws/call.h"
#include "controlplane/gateway/aws/wire/model.h"

namespace cacheplane::gateway::aws {

// As text of XML 1.0: markup is escaped, a carriage return is a reference (parsers would make a line feed of it), and
// what XML cannot hold, control characters and bytes that are no UTF-8, becomes U+FFFD.
std::string EscapeXml(std::string_view text);

// How documents are wrapped: as the Query protocol says, or as EC2 has it, without an <XResult> and with another
// document for faults.
enum class Dialect { kQuery, kEc2 };

struct ResultDocument {
  std::string xml;
  // Members of the result, such as "ReplicationGroup.Colour", that the shape does not have or has as another kind: a
  // mistake of the handler. They are left out of the document.
  std::vector<std::string> misfits;
};

// <XResponse xmlns="…"><XResult>…</XResult><ResponseMetadata>…</ResponseMetadata></XResponse>, members in the model's
// order, lists by their item names. An operation without an output has no XResult. EC2:
// <XResponse xmlns="…"><requestId>…</requestId>…</XResponse>.
ResultDocument EncodeResult(const ModelOperation& operation, const Json& result, std::string_view xml_namespace,
                            std::string_view request_id, Dialect dialect = Dialect::kQuery);

// <ErrorResponse xmlns="…"><Error><Type>…</Type><Code>…</Code><Message>…</Message></Error>…</ErrorResponse>; Type is
// Sender below 500, else Receiver. EC2: <Response><Errors><Error>…</Error></Errors><RequestID>…</RequestID></Response>.
std::string EncodeFault(const Fault& fault, std::string_view xml_namespace, std::string_view request_id,
                        Dialect dialect = Dialect::kQuery);

}  // namespace cacheplane::gateway::aws
