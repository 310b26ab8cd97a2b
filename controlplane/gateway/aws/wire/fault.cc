#include "controlplane/gateway/aws/wire/fault.h"

#include <utility>

#include "common/check.h"
#include "controlplane/gateway/aws/wire/model.h"

namespace cacheplane::gateway::aws {

Fault FaultNamed(const std::string& shape, std::string message) {
  const ModelError* error = ApiModel::ElastiCache().FindError(shape);
  CP_CHECK(error != nullptr);
  return {error->code, error->http, std::move(message)};
}

Fault InvalidAction(std::string message) { return {"InvalidAction", 400, std::move(message)}; }

Fault MissingParameter(std::string message) { return {"MissingParameter", 400, std::move(message)}; }

Fault InvalidParameterValue(std::string message) { return {"InvalidParameterValue", 400, std::move(message)}; }

Fault InvalidParameterCombination(std::string message) {
  return {"InvalidParameterCombination", 400, std::move(message)};
}

Fault FaultOf(const Error& error, const FaultNames& names) {
  const auto named = [&](const std::string& shape) {
    return shape.empty() ? InvalidParameterCombination(error.message) : FaultNamed(shape, error.message);
  };
  switch (error.code) {
    case ErrorCode::kInvalidArgument: return InvalidParameterValue(error.message);
    case ErrorCode::kNotFound: return named(names.not_found);
    case ErrorCode::kAlreadyExists: return named(names.exists);
    case ErrorCode::kFailedPrecondition:
    case ErrorCode::kAborted: return named(names.state);
    case ErrorCode::kResourceExhausted: return named(names.quota);
    case ErrorCode::kUnimplemented: return InvalidParameterCombination(error.message);
    case ErrorCode::kUnauthenticated: return {"AccessDenied", 403, error.message};
    case ErrorCode::kUnavailable:
    case ErrorCode::kDeadlineExceeded: return {"ServiceUnavailable", 503, error.message};
    case ErrorCode::kInternal: break;
  }
  return {"InternalFailure", 500, error.message};
}

}  // namespace cacheplane::gateway::aws
