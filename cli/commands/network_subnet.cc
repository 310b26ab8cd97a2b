#include "cacheplane/v1/network.pb.h"
#include "cli/commands/answer.h"
#include "cli/commands/commands.h"

namespace cacheplane::cli {
namespace {

ExitCode RunCreate(Session& session, const Arguments& arguments) {
  v1::CreateSubnetRequest request;
  request.mutable_subnet()->set_name(*arguments.Text("NAME"));
  request.mutable_subnet()->set_zone(arguments.TextOr("zone", ""));
  request.mutable_subnet()->set_cidr(arguments.TextOr("cidr", ""));
  return CallAndShow(session, request, &v1::CreateSubnetResponse::subnet);
}

ExitCode RunList(Session& session, const Arguments&) {
  return PrintList<v1::ListSubnetsResponse>(session, v1::ListSubnetsRequest());
}

ExitCode RunDescribe(Session& session, const Arguments& arguments) {
  v1::GetSubnetRequest request;
  request.set_name(*arguments.Text("NAME"));
  return CallAndShow(session, request, &v1::GetSubnetResponse::subnet);
}

ExitCode RunDelete(Session& session, const Arguments& arguments) {
  v1::DeleteSubnetRequest request;
  request.set_name(*arguments.Text("NAME"));
  return CallAndTellDeleted<v1::DeleteSubnetResponse>(session, request, "subnet");
}

}  // namespace

std::vector<Command> SubnetCommands() {
  const Positional existing = {"NAME", "the subnet", "subnet"};
  return {{"subnet",
           "create",
           "Creates a subnet",
           {{"NAME", "1 to 255 letters, digits and hyphens"}},
           {{"zone", FlagKind::kText, "ZONE", "availability zone, such as us-east-1a"},
            {"cidr", FlagKind::kText, "CIDR", "IPv4, /16 to /28, apart from every other subnet"}},
           {"cachectl subnet create apps-a --zone us-east-1a --cidr 127.20.64.0/20",
            "cachectl subnet create apps-b --zone us-east-1b --cidr 127.20.80.0/20 -o json"},
           RunCreate},
          {"subnet",
           "list",
           "Lists the subnets",
           {},
           {},
           {"cachectl subnet list", "cachectl subnet list -o names"},
           RunList},
          {"subnet",
           "describe",
           "Shows a subnet",
           {existing},
           {},
           {"cachectl subnet describe apps-a", "cachectl subnet describe apps-a -o json"},
           RunDescribe},
          {"subnet",
           "delete",
           "Deletes a subnet that no group uses",
           {existing},
           {},
           {"cachectl subnet delete apps-a", "cachectl subnet delete apps-a -o json"},
           RunDelete}};
}

}  // namespace cacheplane::cli
