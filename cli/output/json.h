// Messages of the API as JSON documents and back.
#pragma once

#include <string>

#include "common/result.h"

namespace google::protobuf {
class Message;
}

namespace cacheplane::cli {

// Protobuf JSON with the field names of the .proto files; fields at their default are printed too, so that scripts
// can rely on them. Map keys are in order. Ends with a newline.
std::string ToJson(const google::protobuf::Message& message);

// The same on one line: for streams, one document a line.
std::string ToJsonLine(const google::protobuf::Message& message);

// Fills `message`. kInvalidArgument naming an unknown field or the place where the text is no JSON.
Status FromJson(const std::string& text, google::protobuf::Message& message);

}  // namespace cacheplane::cli
