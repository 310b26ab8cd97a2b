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

struct ResultDocument {
  std::string xml;
  // Members of the result, such as "ReplicationGroup.Colour", that the shape does not have or has as another kind: a
  // mistake of the handler. They are left out of the document.
  std::vector<std::string> misfits;
};

// <XResponse xmlns="…"><XResult>…</XResult><ResponseMetadata>…</ResponseMetadata></XResponse>, members in the model's
// order, lists by their item names. An operation without an output has no XResult.
ResultDocument EncodeResult(const ModelOperation& operation, const Json& result, std::string_view xml_namespace,
                            std::string_view request_id);

// <ErrorResponse xmlns="…"><Error><Type>…</Type><Code>…</Code><Message>…</Message></Error>…</ErrorResponse>; Type is
// Sender below 500, else Receiver.
std::string EncodeFault(const Fault& fault, std::string_view xml_namespace, std::string_view request_id);

}  // namespace cacheplane::gateway::aws
