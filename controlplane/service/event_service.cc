#include "controlplane/service/event_service.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/text.h"
#include "controlplane/service/rules.h"

namespace cacheplane::service {
namespace {

const std::vector<std::string>& SourceTypes() {
  static const std::vector<std::string> kTypes = {
      "replication-group",     "cache-cluster", "cache-subnet-group", "cache-security-group",
      "cache-parameter-group", "agent",         "access-key"};
  return kTypes;
}

Status Check(const ListEventsRequest& request) {
  const std::vector<std::string>& types = SourceTypes();
  const bool known = std::find(types.begin(), types.end(), request.source_type) != types.end();
  if (!request.source_type.empty() && !known) {
    return Invalid("source_type", request.source_type, "is unknown", QuotedList(types));
  }
  if (request.from && request.until && *request.until < *request.from) {
    return InvalidArgument("end_time: is before start_time; allowed: start_time or later");
  }
  return {};
}

// A page token is bound to the filters that it was made with.
std::string ScopeOf(const ListEventsRequest& request) {
  const auto millis = [](const std::optional<WallTime>& time) { return time ? ToUnixMillis(*time) : -1; };
  std::string scope = fmt::format("events/{}/{}/{}/{}", ToLower(request.cluster), request.source_type,
                                  millis(request.from), millis(request.until));
  if (!request.source.empty()) scope += "/" + request.source;
  return request.newest_first ? scope + "/newest-first" : scope;
}

std::optional<std::uint64_t> ParseResumeToken(const std::string& token) {
  if (token.empty()) return std::nullopt;
  const auto sequence = static_cast<std::uint64_t>(ParseInt(std::string_view(token).substr(1)).value_or(0));
  if (ResumeToken(sequence) != token) return std::nullopt;  // also what was no number
  return sequence;
}

std::uint64_t OldestKept(ports::JournalTable& journal) {
  ports::EventFilter filter;
  filter.limit = 1;
  const std::vector<model::Event> oldest = journal.Events(filter);
  return oldest.empty() ? journal.LastEventSequence() + 1 : oldest.front().sequence;
}

}  // namespace

std::string ResumeToken(std::uint64_t sequence) { return fmt::format("e{}", sequence); }

Result<Page<model::Event>> EventService::ListEvents(const ListEventsRequest& request) const {
  CP_RETURN_IF_ERROR(Check(request));
  const std::string scope = ScopeOf(request);
  CP_ASSIGN_OR_RETURN(const ports::PageRequest page, ReadListRequest(scope, request.page));
  const auto last = static_cast<std::uint64_t>(ParseInt(page.after).value_or(0));
  const ports::EventFilter filter{.cluster = ToLower(request.cluster),
                                  .source_type = request.source_type,
                                  .from = request.from,
                                  .until = request.until,
                                  .after = request.newest_first ? 0 : last,
                                  .limit = page.limit + 1,
                                  .source = request.source,
                                  .before = request.newest_first ? last : 0,
                                  .newest_first = request.newest_first};
  std::vector<model::Event> rows;
  store_.Read([&](ports::Transaction& transaction) { rows = transaction.journal().Events(filter); });
  return MakePage(std::move(rows), page, scope,
                  [](const model::Event& row) { return fmt::format("{}", row.sequence); });
}

Result<std::uint64_t> EventService::StartOf(const std::string& resume_token) const {
  std::uint64_t oldest = 0;
  std::uint64_t last = 0;
  store_.Read([&](ports::Transaction& transaction) {
    last = transaction.journal().LastEventSequence();
    oldest = OldestKept(transaction.journal());
  });
  if (resume_token.empty()) return last;
  constexpr std::string_view kAllowed = "resume_token of an event that is still kept, or none for the present";
  const std::optional<std::uint64_t> sequence = ParseResumeToken(resume_token);
  if (!sequence || *sequence > last) return Invalid("resume_token", resume_token, "was never given", kAllowed);
  if (*sequence + 1 < oldest) {
    return Invalid("resume_token", resume_token, "is older than the events that are kept", kAllowed);
  }
  return *sequence;
}

std::vector<model::Event> EventService::EventsAfter(std::uint64_t sequence, const std::string& cluster,
                                                    int limit) const {
  ports::EventFilter filter;
  filter.cluster = ToLower(cluster);
  filter.after = sequence;
  filter.limit = limit;
  std::vector<model::Event> events;
  store_.Read([&](ports::Transaction& transaction) { events = transaction.journal().Events(filter); });
  return events;
}

}  // namespace cacheplane::service
