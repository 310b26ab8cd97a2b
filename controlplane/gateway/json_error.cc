#include "controlplane/gateway/json_error.h"

#include <nlohmann/json.hpp>

namespace cacheplane::gateway {

HttpResponse JsonError(int status, std::string_view code, std::string_view message) {
  const nlohmann::json body = {{"error", {{"code", code}, {"message", message}}}};
  HttpResponse response;
  response.status = status;
  response.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  return response;
}

}  // namespace cacheplane::gateway
