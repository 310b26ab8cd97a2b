// The usual ends of a command: a list read to its last page, one message shown, a thing removed. For .cc files only:
// they include the protobuf headers of the messages they use it with.
#pragma once

#include <fmt/format.h>

#include <string>

#include "cli/client/control_plane.h"
#include "cli/commands/session.h"
#include "cli/output/json.h"
#include "cli/output/views.h"
#include "common/text.h"

namespace cacheplane::cli {

inline constexpr int kPageSize = 100;

// All pages in one response.
template <typename Response, typename Request>
Result<Response> ListAll(ControlPlane& control_plane, Request request) {
  Response all;
  request.set_page_size(kPageSize);
  for (;;) {
    Response page;
    CP_RETURN_IF_ERROR(control_plane.Call(request, &page));
    const std::string next = page.next_page_token();
    page.clear_next_page_token();
    all.MergeFrom(page);
    if (next.empty()) return all;
    request.set_page_token(next);
  }
}

template <typename Response, typename Request>
ExitCode PrintList(Session& session, const Request& request) {
  const Result<Response> list = ListAll<Response>(session.control_plane(), request);
  if (!list.ok()) return session.Fail(list.error());
  switch (session.format()) {
    case OutputFormat::kJson: session.Print(ToJson(*list)); break;
    case OutputFormat::kTable: session.Print(RenderTable(ToTable(*list), session.colour())); break;
    case OutputFormat::kNames:
      for (const std::string& name : Names(*list)) session.Print(EscapeControl(name) + "\n");
      break;
  }
  return ExitCode::kOk;
}

template <typename Message>
ExitCode Show(Session& session, const Message& message) {
  switch (session.format()) {
    case OutputFormat::kJson: session.Print(ToJson(message)); break;
    case OutputFormat::kTable: session.Print(Describe(message, session.colour())); break;
    case OutputFormat::kNames: session.Print(EscapeControl(NameOf(message)) + "\n"); break;
  }
  return ExitCode::kOk;
}

// Calls, then shows the part of the response that `part` picks, such as &v1::GetAgentResponse::agent.
template <typename Response, typename Request, typename Part>
ExitCode CallAndShow(Session& session, const Request& request, const Part& (Response::*part)() const) {
  Response response;
  const Status status = session.control_plane().Call(request, &response);
  return status.ok() ? Show(session, (response.*part)()) : session.Fail(status.error());
}

// What would be done to nodes; `none`: what there is to say when nothing would.
template <typename Response>
ExitCode ShowPlan(Session& session, const Response& response, const std::string& none) {
  if (session.format() == OutputFormat::kJson) {
    session.Print(ToJson(response));
  } else if (response.plan().empty()) {
    session.Print(none + "\n");
  } else {
    session.Print(RenderTable(ToTable(response), session.colour()));
  }
  return ExitCode::kOk;
}

// What a modification or rollback would change, do to nodes, and how to ask for just that.
template <typename Response>
ExitCode ShowRedefinition(Session& session, const Response& response) {
  if (session.format() == OutputFormat::kJson) return ShowPlan(session, response, "");
  for (const std::string& change : response.changes()) session.Print(EscapeControl(change) + "\n");
  if (response.changes().empty()) session.Print("nothing would change in the definition\n");
  session.Print("\n");
  const ExitCode code = ShowPlan(session, response, "no node changes; it would be done at once");
  if (response.base_revision() == 0) {
    session.Print("\nit would wait for its turn, and --check-revision would be refused\n");
    return code;
  }
  session.Print(
      fmt::format("\nmade against revision {0}; --check-revision {0} does it only if that is still the "
                  "present one\n",
                  response.base_revision()));
  return code;
}

// Calls a Delete whose response is empty.
template <typename Response, typename Request>
ExitCode CallAndTellDeleted(Session& session, const Request& request, const std::string& what) {
  Response response;
  const Status status = session.control_plane().Call(request, &response);
  if (!status.ok()) return session.Fail(status.error());
  switch (session.format()) {
    case OutputFormat::kJson: session.Print(ToJson(response)); break;
    case OutputFormat::kTable: session.Print(what + " " + EscapeControl(request.name()) + " deleted\n"); break;
    case OutputFormat::kNames: session.Print(EscapeControl(request.name()) + "\n"); break;
  }
  return ExitCode::kOk;
}

}  // namespace cacheplane::cli
