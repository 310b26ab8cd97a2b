// The one shape of errors that the JSON side answers with.
#pragma once

#include <string_view>

#include "controlplane/gateway/http_server.h"

namespace cacheplane::gateway {

// {"error":{"code":"NOT_FOUND","message":"…"}} with that HTTP status. Bytes that are no UTF-8 are replaced.
HttpResponse JsonError(int status, std::string_view code, std::string_view message);

}  // namespace cacheplane::gateway
