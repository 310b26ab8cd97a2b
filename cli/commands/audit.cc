#include <algorithm>

#include "cacheplane/v1/audit.pb.h"
#include "cli/commands/answer.h"
#include "cli/commands/commands.h"

namespace cacheplane::cli {
namespace {

constexpr int kUsualLimit = 100;
constexpr int kHighestLimit = 100'000;

// The newest, page by page until there are enough.
Result<v1::ListAuditRecordsResponse> Newest(ControlPlane& control_plane, v1::ListAuditRecordsRequest request,
                                            int limit) {
  v1::ListAuditRecordsResponse all;
  while (all.records_size() < limit) {
    request.set_page_size(std::min(kPageSize, limit - all.records_size()));
    v1::ListAuditRecordsResponse page;
    CP_RETURN_IF_ERROR(control_plane.Call(request, &page));
    all.mutable_records()->MergeFrom(page.records());
    request.set_page_token(page.next_page_token());
    if (page.next_page_token().empty()) break;
  }
  return all;
}

ExitCode Print(Session& session, const v1::ListAuditRecordsResponse& list) {
  switch (session.format()) {
    case OutputFormat::kJson: session.Print(ToJson(list)); break;
    case OutputFormat::kTable: session.Print(RenderTable(ToTable(list), session.colour())); break;
    case OutputFormat::kNames:
      for (const std::string& name : Names(list)) session.Print(EscapeControl(name) + "\n");
      break;
  }
  return ExitCode::kOk;
}

ExitCode RunList(Session& session, const Arguments& arguments) {
  const auto limit = arguments.Number("limit").value_or(kUsualLimit);
  if (limit < 1 || limit > kHighestLimit) {
    return session.FailUsage(fmt::format("--limit {} is not allowed; allowed: 1 to {}", limit, kHighestLimit), "");
  }
  v1::ListAuditRecordsRequest request;
  request.set_resource(arguments.TextOr("resource", ""));
  if (const auto since = arguments.Duration("since")) {
    const std::int64_t start = ToUnixMillis(session.host().clock.Now() - *since);
    request.mutable_start_time()->set_seconds(start / 1000);
    request.mutable_start_time()->set_nanos(static_cast<int>(start % 1000) * 1'000'000);
  }
  const auto list = Newest(session.control_plane(), request, static_cast<int>(limit));
  return list.ok() ? Print(session, *list) : session.Fail(list.error());
}

}  // namespace

std::vector<Command> AuditCommands() {
  using enum FlagKind;
  return {{"audit",
           "list",
           "Lists calls that were to change something, the newest first, refused ones as well",
           {},
           {{"resource", kText, "NAME", "only those about it; cluster/NAME, parameter-group/NAME, … of one kind"},
            {"since", kDuration, "TIME", "only younger ones, such as 1h"},
            {"limit", kNumber, "N", "at most so many (default 100)"}},
           {"cachectl audit list --resource orders --since 1h", "cachectl audit list --limit 1000 -o json"},
           RunList}};
}

}  // namespace cacheplane::cli
