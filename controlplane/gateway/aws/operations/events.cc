// The event log as ElastiCache tells it: newest first, of the last hour unless a time is asked for.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/text.h"
#include "controlplane/gateway/aws/operations/api_words.h"
#include "controlplane/gateway/aws/operations/handlers.h"
#include "controlplane/gateway/aws/operations/paging.h"
#include "controlplane/gateway/aws/wire/iso_time.h"
#include "controlplane/service/event_service.h"
#include "controlplane/service/rules.h"

namespace cacheplane::gateway::aws {
namespace {

using std::chrono::minutes;

constexpr minutes kDefaultDuration{60};
constexpr minutes kLongestDuration = std::chrono::hours(24 * 14);

// The API's source types that have events here.
const std::vector<std::string>& ToldTypes() {
  static const std::vector<std::string> kTypes = {"cache-cluster", "cache-parameter-group", "cache-security-group",
                                                  "cache-subnet-group", "replication-group"};
  return kTypes;
}
constexpr std::array<const char*, 4> kEmptyTypes = {"serverless-cache", "serverless-cache-snapshot", "user",
                                                    "user-group"};

bool Has(const auto& types, const std::string& type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

// The end is not included.
struct Span {
  WallTime from;
  WallTime until;
};

// What is asked for.
struct Question {
  Span span;
  std::string type;        // empty: all of the API's
  std::string source;      // empty: all
  std::string page_token;  // of the service
};

struct Times {
  std::optional<WallTime> start;
  std::optional<WallTime> end;
  std::optional<minutes> duration;
};

std::optional<Fault> ReadTime(const Json& input, const char* member, std::optional<WallTime>& time) {
  if (!input.contains(member)) return std::nullopt;
  const auto text = input[member].get<std::string>();
  time = ParseIsoTime(text);
  if (time) return std::nullopt;
  return InvalidParameterValue(
      fmt::format("{}: {} is no time; allowed: ISO 8601 such as 2026-01-02T03:04:05Z", member, service::Quoted(text)));
}

std::optional<Fault> ReadDuration(const Json& input, std::optional<minutes>& duration) {
  if (!input.contains("Duration")) return std::nullopt;
  const auto count = input["Duration"].get<std::int64_t>();
  if (count < 1 || count > kLongestDuration.count()) {
    return InvalidParameterValue(
        fmt::format("Duration: {} is out of range; allowed: 1 to {} minutes", count, kLongestDuration.count()));
  }
  duration = minutes(count);
  return std::nullopt;
}

std::variant<Span, Fault> SpanOf(const Times& times, WallTime now) {
  if (times.start && times.end && times.duration) {
    return InvalidParameterCombination("StartTime, EndTime and Duration: allowed: at most two of them");
  }
  if (times.start && times.end && *times.end < *times.start) {
    return InvalidParameterCombination(fmt::format("EndTime: {} is before StartTime {}; allowed: StartTime or later",
                                                   IsoTime(*times.end), IsoTime(*times.start)));
  }
  const minutes duration = times.duration.value_or(kDefaultDuration);
  const WallTime end = times.end.value_or(times.start && times.duration ? *times.start + duration : now);
  const WallTime from = std::max(times.start.value_or(end - duration), WallTime());
  return Span{from, std::max(from, end) + std::chrono::milliseconds(1)};
}

std::variant<Span, Fault> ReadSpan(const Json& input, WallTime now) {
  Times times;
  if (const auto fault = ReadTime(input, "StartTime", times.start)) return *fault;
  if (const auto fault = ReadTime(input, "EndTime", times.end)) return *fault;
  if (const auto fault = ReadDuration(input, times.duration)) return *fault;
  return SpanOf(times, now);
}

// A marker holds the span of its first page: the last hour is another one by the time of the next call.
std::string MarkerOf(const Span& span, const std::string& page_token) {
  return fmt::format("{}-{}-{}", ToUnixMillis(span.from), ToUnixMillis(span.until), page_token);
}

// Takes the span out of a marker, so that the page token is left.
std::optional<Fault> TakeSpan(std::string& marker, Span& span) {
  if (marker.empty()) return std::nullopt;
  const std::vector<std::string> parts = Split(marker, '-');
  const auto from = parts.size() == 3 ? ParseInt(parts[0]) : std::nullopt;
  const auto until = parts.size() == 3 ? ParseInt(parts[1]) : std::nullopt;
  if (!from || !until || parts[2].empty()) {
    return InvalidParameterValue(fmt::format(
        "Marker: {} is not one of this list; allowed: Marker of an answer to the same list", service::Quoted(marker)));
  }
  span = {FromUnixMillis(*from), FromUnixMillis(*until)};
  marker = parts[2];
  return std::nullopt;
}

std::optional<Fault> CheckSource(const Json& input) {
  const std::string type = input.value("SourceType", "");
  if (type.empty() && !input.value("SourceIdentifier", "").empty()) {
    return InvalidParameterCombination("SourceIdentifier: allowed: together with SourceType");
  }
  if (type.empty() || Has(ToldTypes(), type) || Has(kEmptyTypes, type)) return std::nullopt;
  std::vector<std::string> allowed = ToldTypes();
  allowed.insert(allowed.end(), kEmptyTypes.begin(), kEmptyTypes.end());
  return InvalidParameterValue(
      fmt::format("SourceType: {} is unknown; allowed: {}", service::Quoted(type), service::QuotedList(allowed)));
}

Json Show(const model::Event& event) {
  return {{"SourceIdentifier", event.source},
          {"SourceType", event.source_type},
          {"Message", event.message},
          {"Date", IsoTime(event.time)}};
}

Fault Refused(const Error& error) { return FaultOf(InApiWords(error, {{"end_time", "Marker"}}), {}); }

std::variant<Question, Fault> ReadQuestion(const Json& input, WallTime now) {
  if (const auto fault = CheckSource(input)) return *fault;
  const auto span = ReadSpan(input, now);
  if (const Fault* fault = std::get_if<Fault>(&span)) return *fault;
  Question question{.span = std::get<Span>(span),
                    .type = input.value("SourceType", ""),
                    .source = ToLower(input.value("SourceIdentifier", "")),
                    .page_token = input.value("Marker", "")};
  if (const auto fault = TakeSpan(question.page_token, question.span)) return *fault;
  return question;
}

Result<service::Page<model::Event>> List(const service::EventService& events, const Question& question,
                                         service::ListRequest page) {
  if (Has(kEmptyTypes, question.type)) return service::Page<model::Event>{};
  page.page_token = question.page_token;
  const auto all = [&](const service::ListRequest& request) {
    return events.ListEvents({.cluster = "",
                              .source_type = question.type,
                              .from = question.span.from,
                              .until = question.span.until,
                              .page = request,
                              .source = question.source,
                              .newest_first = true});
  };
  const auto is_told = [](const model::Event& event) { return Has(ToldTypes(), event.source_type); };
  CP_ASSIGN_OR_RETURN(service::Page<model::Event> told, FilteredPage<model::Event>(page, all, is_told));
  if (!told.next_page_token.empty()) told.next_page_token = MarkerOf(question.span, told.next_page_token);
  return told;
}

Answer Describe(const service::EventService& events, const Call& call, WallTime now) {
  const auto question = ReadQuestion(call.input, now);
  if (const Fault* fault = std::get_if<Fault>(&question)) return *fault;
  const auto list = [&](const service::ListRequest& page) { return List(events, std::get<Question>(question), page); };
  return AnswerPage(call, "Events", list, Show, Refused);
}

}  // namespace

void AddEvents(HandlerTable& table, const Services& services) {
  const service::EventService& events = services.events;
  const Clock& clock = services.clock;
  table["DescribeEvents"] = AtOnce([&events, &clock](const Call& call) { return Describe(events, call, clock.Now()); });
}

}  // namespace cacheplane::gateway::aws
