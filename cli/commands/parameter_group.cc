// Parameter groups: those who make them, and those who look into them.
#include "cacheplane/v1/parameter_group.pb.h"
#include "cli/args/values.h"
#include "cli/commands/answer.h"
#include "cli/commands/commands.h"

namespace cacheplane::cli {
namespace {

ExitCode RunCreate(Session& session, const Arguments& arguments) {
  v1::CreateParameterGroupRequest request;
  v1::ParameterGroup& group = *request.mutable_parameter_group();
  group.set_name(*arguments.Text("NAME"));
  group.set_family(arguments.TextOr("family", ""));
  group.set_description(arguments.TextOr("description", ""));
  request.set_request_id(arguments.TextOr("request-id", ""));
  return CallAndShow(session, request, &v1::CreateParameterGroupResponse::parameter_group);
}

ExitCode RunCopy(Session& session, const Arguments& arguments) {
  v1::CopyParameterGroupRequest request;
  request.set_source(*arguments.Text("SOURCE"));
  request.set_name(*arguments.Text("NAME"));
  request.set_description(arguments.TextOr("description", ""));
  request.set_request_id(arguments.TextOr("request-id", ""));
  return CallAndShow(session, request, &v1::CopyParameterGroupResponse::parameter_group);
}

// Shows the group, and says on standard error which engines have tried the values.
template <typename Response, typename Request>
ExitCode CallAndTellTrials(Session& session, const Request& request) {
  Response response;
  const Status status = session.control_plane().Call(request, &response);
  if (!status.ok()) return session.Fail(status.error());
  for (const v1::ParameterTrial& trial : response.trials()) {
    session.Note(EscapeControl(trial.problem().empty()
                                   ? "an engine of " + trial.engine() + " " + trial.image_version() + " on " +
                                         trial.agent() + " started with the values"
                                   : "no engine of " + trial.engine() + " " + trial.engine_version() +
                                         " has tried the values: " + trial.problem()));
  }
  return Show(session, response.parameter_group());
}

ExitCode RunModify(Session& session, const Arguments& arguments) {
  v1::ModifyParameterGroupRequest request;
  request.set_name(*arguments.Text("NAME"));
  const auto values = ParsePairs("parameter", arguments.List("set"));
  if (!values.ok()) return session.FailUsage(values.error().message, "--set NAME=VALUE");
  if (values->empty()) {
    return session.FailUsage("nothing to change was given", "see `cachectl parameter-group modify --help`");
  }
  for (const auto& [name, value] : *values) {
    v1::ParameterValue& parameter = *request.add_parameters();
    parameter.set_name(name);
    parameter.set_value(value);
  }
  request.set_etag(arguments.TextOr("etag", ""));
  request.set_request_id(arguments.TextOr("request-id", ""));
  return CallAndTellTrials<v1::ModifyParameterGroupResponse>(session, request);
}

ExitCode RunReset(Session& session, const Arguments& arguments) {
  v1::ResetParameterGroupRequest request;
  request.set_name(*arguments.Text("NAME"));
  request.set_all_parameters(arguments.Has("all"));
  for (const std::string& name : arguments.List("parameters")) request.add_parameters(name);
  if (request.all_parameters() == (request.parameters_size() > 0)) {
    return session.FailUsage("either --parameters or --all is needed", "see `cachectl parameter-group reset --help`");
  }
  request.set_etag(arguments.TextOr("etag", ""));
  request.set_request_id(arguments.TextOr("request-id", ""));
  return CallAndTellTrials<v1::ResetParameterGroupResponse>(session, request);
}

ExitCode RunDelete(Session& session, const Arguments& arguments) {
  v1::DeleteParameterGroupRequest request;
  request.set_name(*arguments.Text("NAME"));
  request.set_etag(arguments.TextOr("etag", ""));
  request.set_request_id(arguments.TextOr("request-id", ""));
  return CallAndTellDeleted<v1::DeleteParameterGroupResponse>(session, request, "parameter group");
}

ExitCode RunList(Session& session, const Arguments&) {
  return PrintList<v1::ListParameterGroupsResponse>(session, v1::ListParameterGroupsRequest());
}

ExitCode RunDescribe(Session& session, const Arguments& arguments) {
  v1::GetParameterGroupRequest request;
  request.set_name(*arguments.Text("NAME"));
  return CallAndShow(session, request, &v1::GetParameterGroupResponse::parameter_group);
}

ExitCode RunParameters(Session& session, const Arguments& arguments) {
  v1::ListParametersRequest request;
  request.set_parameter_group(*arguments.Text("NAME"));
  request.set_source(arguments.TextOr("source", ""));
  return PrintList<v1::ListParametersResponse>(session, request);
}

ExitCode RunEngineDefaults(Session& session, const Arguments& arguments) {
  v1::ListEngineDefaultParametersRequest request;
  request.set_family(*arguments.Text("FAMILY"));
  return PrintList<v1::ListEngineDefaultParametersResponse>(session, request);
}

const Flag kDescription = {"description", FlagKind::kText, "TEXT", "free text"};
const Flag kEtag = {"etag", FlagKind::kText, "ETAG", "only if the group still has this etag"};
const Flag kRequestId = {"request-id", FlagKind::kText, "ID", "makes a retry safe"};
const Positional kExisting = {"NAME", "the parameter group", "parameter-group"};

// Those that change something.
std::vector<Command> Changes() {
  return {
      {"parameter-group",
       "create",
       "Creates a parameter group with the family's defaults",
       {{"NAME", "its name"}},
       {{"family", FlagKind::kText, "FAMILY", "as `cachectl engine-version list` shows it"}, kDescription, kRequestId},
       {"cachectl parameter-group create carts --family valkey8",
        "cachectl parameter-group create carts --family redis7 --description \"no eviction\""},
       RunCreate},
      {"parameter-group",
       "copy",
       "Creates a parameter group with the values of another one",
       {{"SOURCE", "the group that is copied", "parameter-group"}, {"NAME", "the new group's name"}},
       {kDescription, kRequestId},
       {"cachectl parameter-group copy carts carts-try", "cachectl parameter-group copy default.valkey8 carts"},
       RunCopy},
      {"parameter-group",
       "modify",
       "Sets parameters, in every cluster that uses the group",
       {kExisting},
       {{"set", FlagKind::kList, "PARAMETER=VALUE", "may be repeated, up to 20 times"}, kEtag, kRequestId},
       {"cachectl parameter-group modify carts --set maxmemory-policy=noeviction",
        "cachectl parameter-group modify carts --set timeout=300 --set maxmemory-samples=10"},
       RunModify},
      {"parameter-group",
       "reset",
       "Gives parameters the family's defaults again",
       {kExisting},
       {{"parameters", FlagKind::kCommaList, "A,B", "1 to 20 parameters"},
        {"all", FlagKind::kSwitch, "", "all of them"},
        kEtag,
        kRequestId},
       {"cachectl parameter-group reset carts --parameters timeout,maxmemory-samples",
        "cachectl parameter-group reset carts --all"},
       RunReset},
      {"parameter-group",
       "delete",
       "Deletes a parameter group that no cluster uses",
       {kExisting},
       {kEtag, kRequestId},
       {"cachectl parameter-group delete carts", "cachectl parameter-group delete carts -o json"},
       RunDelete}};
}

}  // namespace

std::vector<Command> ParameterGroupCommands() {
  std::vector<Command> commands = Changes();
  commands.push_back({"parameter-group",
                      "list",
                      "Lists the parameter groups",
                      {},
                      {},
                      {"cachectl parameter-group list", "cachectl parameter-group list -o names"},
                      RunList});
  commands.push_back({"parameter-group",
                      "describe",
                      "Shows a parameter group",
                      {kExisting},
                      {},
                      {"cachectl parameter-group describe carts", "cachectl parameter-group describe carts -o json"},
                      RunDescribe});
  commands.push_back(
      {"parameter-group",
       "parameters",
       "Lists the parameters of a group",
       {kExisting},
       {{"source", FlagKind::kText, "SOURCE", "only those set here or not", {"user", "system", "engine-default"}}},
       {"cachectl parameter-group parameters carts --source user",
        "cachectl parameter-group parameters default.valkey8 -o json"},
       RunParameters});
  commands.push_back(
      {"parameter-group",
       "engine-defaults",
       "Lists the default parameters of a family",
       {{"FAMILY", "as `cachectl engine-version list` shows it"}},
       {},
       {"cachectl parameter-group engine-defaults valkey8", "cachectl parameter-group engine-defaults redis7 -o names"},
       RunEngineDefaults});
  return commands;
}

}  // namespace cacheplane::cli
