#include "cacheplane/v1/network.pb.h"
#include "cli/commands/answer.h"
#include "cli/commands/commands.h"

namespace cacheplane::cli {
namespace {

void ApplyFlags(const Arguments& arguments, v1::SubnetGroup* group) {
  if (const auto description = arguments.Text("description")) group->set_description(*description);
  if (!arguments.Has("subnets")) return;
  group->clear_subnets();
  for (const std::string& subnet : arguments.List("subnets")) group->add_subnets(subnet);
}

ExitCode RunCreate(Session& session, const Arguments& arguments) {
  v1::CreateSubnetGroupRequest request;
  request.mutable_subnet_group()->set_name(*arguments.Text("NAME"));
  ApplyFlags(arguments, request.mutable_subnet_group());
  return CallAndShow(session, request, &v1::CreateSubnetGroupResponse::subnet_group);
}

// Modify replaces description and subnets; what is not given stays, so it is read first.
ExitCode RunModify(Session& session, const Arguments& arguments) {
  if (!arguments.Has("description") && !arguments.Has("subnets")) {
    return session.FailUsage("nothing to change was given", "see `cachectl subnet-group modify --help`");
  }
  v1::GetSubnetGroupRequest question;
  question.set_name(*arguments.Text("NAME"));
  v1::GetSubnetGroupResponse answer;
  const Status status = session.control_plane().Call(question, &answer);
  if (!status.ok()) return session.Fail(status.error());
  v1::ModifySubnetGroupRequest request;
  *request.mutable_subnet_group() = answer.subnet_group();
  ApplyFlags(arguments, request.mutable_subnet_group());
  return CallAndShow(session, request, &v1::ModifySubnetGroupResponse::subnet_group);
}

ExitCode RunList(Session& session, const Arguments&) {
  return PrintList<v1::ListSubnetGroupsResponse>(session, v1::ListSubnetGroupsRequest());
}

ExitCode RunDescribe(Session& session, const Arguments& arguments) {
  v1::GetSubnetGroupRequest request;
  request.set_name(*arguments.Text("NAME"));
  return CallAndShow(session, request, &v1::GetSubnetGroupResponse::subnet_group);
}

ExitCode RunDelete(Session& session, const Arguments& arguments) {
  v1::DeleteSubnetGroupRequest request;
  request.set_name(*arguments.Text("NAME"));
  return CallAndTellDeleted<v1::DeleteSubnetGroupResponse>(session, request, "subnet group");
}

}  // namespace

std::vector<Command> SubnetGroupCommands() {
  const Positional existing = {"NAME", "the subnet group", "subnet-group"};
  const std::vector<Flag> flags = {
      {"description", FlagKind::kText, "TEXT", "free text"},
      {"subnets", FlagKind::kCommaList, "A,B", "1 to 20 subnets", {}, "subnet"},
  };
  return {{"subnet-group",
           "create",
           "Creates a subnet group",
           {{"NAME", "its name"}},
           flags,
           {"cachectl subnet-group create apps --subnets apps-a,apps-b",
            "cachectl subnet-group create apps --subnets apps-a --description \"one zone\""},
           RunCreate},
          {"subnet-group",
           "modify",
           "Replaces the description or the subnets",
           {existing},
           flags,
           {"cachectl subnet-group modify apps --subnets apps-a,apps-b,apps-c",
            "cachectl subnet-group modify apps --description \"all zones\""},
           RunModify},
          {"subnet-group",
           "list",
           "Lists the subnet groups",
           {},
           {},
           {"cachectl subnet-group list", "cachectl subnet-group list -o names"},
           RunList},
          {"subnet-group",
           "describe",
           "Shows a subnet group",
           {existing},
           {},
           {"cachectl subnet-group describe apps", "cachectl subnet-group describe apps -o json"},
           RunDescribe},
          {"subnet-group",
           "delete",
           "Deletes a subnet group that no cluster uses",
           {existing},
           {},
           {"cachectl subnet-group delete apps", "cachectl subnet-group delete apps -o json"},
           RunDelete}};
}

}  // namespace cacheplane::cli
