// Operations, events and times.
#include <fmt/format.h>

#include <algorithm>

#include "cacheplane/v1/event.pb.h"
#include "cacheplane/v1/operation.pb.h"
#include "controlplane/api/proto_convert.h"

namespace cacheplane::api {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kLongestWait{60};
constexpr std::int64_t kNanosPerMilli = 1'000'000;
constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
// What google.protobuf.Timestamp can hold: years 1 to 9999.
constexpr std::int64_t kFirstSecond = -62'135'596'800;
constexpr std::int64_t kLastSecond = 253'402'300'799;

Result<milliseconds> TimeoutOf(const v1::WaitOperationRequest& message) {
  if (!message.has_timeout()) return milliseconds(kLongestWait);
  const google::protobuf::Duration& timeout = message.timeout();
  if (timeout.seconds() < 0 || timeout.nanos() < 0 || timeout.nanos() >= kNanosPerSecond) {
    return InvalidArgument(
        fmt::format("timeout: {} s is no time to wait; allowed: 0 to {} s", timeout.seconds(), kLongestWait.count()));
  }
  if (timeout.seconds() >= kLongestWait.count()) return milliseconds(kLongestWait);
  return milliseconds(timeout.seconds() * 1000 + timeout.nanos() / kNanosPerMilli);
}

}  // namespace

Result<WallTime> FromProto(std::string_view field, const google::protobuf::Timestamp& time) {
  const bool good = time.seconds() >= kFirstSecond && time.seconds() <= kLastSecond && time.nanos() >= 0 &&
                    time.nanos() < kNanosPerSecond;
  if (!good) return InvalidArgument(fmt::format("{}: is no time; allowed: years 1 to 9999", field));
  return FromUnixMillis(time.seconds() * 1000 + (time.nanos() + kNanosPerMilli - 1) / kNanosPerMilli);
}

void ToProto(WallTime time, google::protobuf::Timestamp& message) {
  const auto whole = std::chrono::floor<seconds>(time);
  message.set_seconds(whole.time_since_epoch().count());
  message.set_nanos(static_cast<int>((time - whole).count() * kNanosPerMilli));
}

void ToProto(const model::Operation& operation, v1::Operation& message) {
  message.set_id(operation.id.str());
  message.set_kind(std::string(model::OperationKindName(operation.kind)));
  message.set_target(operation.target);
  message.set_node(operation.node.str());
  message.set_write_pause_us(operation.write_pause_us);
  message.set_cancelled(operation.cancelled);
  message.set_status(std::string(model::OperationStatusName(operation.status)));
  message.set_reason(operation.progress.reason);
  message.set_progress_percent(operation.progress.percent);
  for (const model::OperationStep& step : operation.progress.steps) {
    v1::OperationStep& added = *message.add_steps();
    added.set_name(step.name);
    added.set_status(std::string(model::StepStatusName(step.status)));
    added.set_detail(step.detail);
  }
  message.set_revision(static_cast<std::int64_t>(operation.revision));
  ToProto(operation.created, *message.mutable_create_time());
  const bool never_ran = operation.asked && !operation.begun;
  if (!never_ran) {
    ToProto(model::BegunAt(operation), *message.mutable_start_time());
  }
  if (operation.ended) ToProto(*operation.ended, *message.mutable_end_time());
  if (operation.expected_end) ToProto(*operation.expected_end, *message.mutable_expected_end_time());
}

void ToProto(const model::Event& event, v1::Event& message) {
  message.set_resume_token(service::ResumeToken(event.sequence));
  ToProto(event.time, *message.mutable_time());
  message.set_source_type(event.source_type);
  message.set_source(event.source);
  message.set_message(event.message);
  message.set_severity(std::string(model::SeverityName(event.severity)));
  message.set_cluster(event.cluster);
}

Result<service::ListEventsRequest> FromProto(const v1::ListEventsRequest& message) {
  service::ListEventsRequest request;
  request.cluster = message.cluster();
  request.source_type = message.source_type();
  request.page = {message.page_size(), message.page_token()};
  if (message.has_start_time()) {
    CP_ASSIGN_OR_RETURN(request.from, FromProto("start_time", message.start_time()));
  }
  if (message.has_end_time()) {
    CP_ASSIGN_OR_RETURN(request.until, FromProto("end_time", message.end_time()));
  }
  return request;
}

Result<WaitTerms> FromProto(const v1::WaitOperationRequest& message) {
  WaitTerms terms;
  CP_ASSIGN_OR_RETURN(terms.timeout, TimeoutOf(message));
  if (message.known_revision() < 0) {
    return InvalidArgument(
        fmt::format("known_revision: {} is negative; allowed: 0 and above", message.known_revision()));
  }
  terms.known_revision = static_cast<std::uint64_t>(message.known_revision());
  return terms;
}

}  // namespace cacheplane::api
