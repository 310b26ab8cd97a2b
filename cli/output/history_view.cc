#include <fmt/format.h>

#include "cacheplane/v1/event.pb.h"
#include "cacheplane/v1/operation.pb.h"
#include "cli/output/proto_values.h"
#include "cli/output/views.h"

namespace cacheplane::cli {
namespace {

Table StepTable(const v1::Operation& operation) {
  Table table{{"STEP", "STATUS", "DETAIL"}, {}};
  for (const v1::OperationStep& step : operation.steps()) {
    table.rows.push_back({step.name(), StatusCell(step.status()), step.detail()});
  }
  return table;
}

}  // namespace

Table ToTable(const v1::ListOperationsResponse& list) {
  Table table{{"ID", "KIND", "TARGET", "STATUS", "PROGRESS", "STARTED", "ENDED", "REASON"}, {}};
  for (const v1::Operation& operation : list.operations()) {
    table.rows.push_back({operation.id(), operation.kind(), operation.target(), StatusCell(operation.status()),
                          fmt::format("{}%", operation.progress_percent()), Shown(operation.start_time()),
                          Shown(operation.end_time()), operation.reason()});
  }
  return table;
}

Table ToTable(const v1::ListEventsResponse& list) {
  Table table{{"TIME", "SEVERITY", "SOURCE TYPE", "SOURCE", "MESSAGE"}, {}};
  for (const v1::Event& event : list.events()) {
    table.rows.push_back({ShownMillis(event.time()), StatusCell(event.severity()), event.source_type(), event.source(),
                          event.message()});
  }
  return table;
}

std::vector<std::string> Names(const v1::ListOperationsResponse& list) {
  std::vector<std::string> ids;
  for (const v1::Operation& operation : list.operations()) ids.push_back(operation.id());
  return ids;
}

std::vector<std::string> Names(const v1::ListEventsResponse& list) {
  std::vector<std::string> tokens;
  for (const v1::Event& event : list.events()) tokens.push_back(event.resume_token());
  return tokens;
}

std::string Describe(const v1::Operation& operation, bool colour) {
  std::string text = RenderBlock({{"Id", operation.id()},
                                  {"Kind", operation.kind()},
                                  {"Target", operation.target()},
                                  {"Node", operation.node()},
                                  {"Status", StatusCell(operation.status())},
                                  {"Cancelled", operation.cancelled() ? "yes" : ""},
                                  {"Reason", operation.reason()},
                                  {"Progress", fmt::format("{}%", operation.progress_percent())},
                                  {"Asked for", Shown(operation.create_time())},
                                  {"Started", Shown(operation.start_time())},
                                  {"Expected end", Shown(operation.expected_end_time())},
                                  {"Ended", Shown(operation.end_time())}},
                                 colour);
  if (operation.steps_size() > 0) text += "\n" + RenderTable(StepTable(operation), colour);
  return text;
}

std::string Describe(const v1::Event& event, bool colour) {
  const Cell severity = StatusCell(event.severity());
  return EscapeControl(ShownMillis(event.time())) + "  " + Tint(EscapeControl(severity.text), severity.tone, colour) +
         "  " + EscapeControl(fmt::format("{} {}  {}", event.source_type(), event.source(), event.message())) + "\n";
}

std::string NameOf(const v1::Operation& operation) { return operation.id(); }

}  // namespace cacheplane::cli
