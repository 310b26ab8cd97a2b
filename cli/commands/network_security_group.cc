#include "cacheplane/v1/network.pb.h"
#include "cli/args/values.h"
#include "cli/commands/answer.h"
#include "cli/commands/commands.h"

namespace cacheplane::cli {
namespace {

Status AddRules(const std::vector<std::string>& texts, v1::SecurityGroup* group) {
  for (const std::string& text : texts) {
    CP_ASSIGN_OR_RETURN(const IngressRule parsed, ParseIngress(text));
    v1::SecurityGroupRule* rule = group->add_ingress();
    rule->set_protocol(parsed.protocol);
    rule->set_from_port(parsed.from_port);
    rule->set_to_port(parsed.to_port);
    rule->set_cidr(parsed.cidr);
    rule->set_description(parsed.description);
  }
  return {};
}

Status ApplyFlags(const Arguments& arguments, v1::SecurityGroup* group) {
  if (const auto description = arguments.Text("description")) group->set_description(*description);
  if (!arguments.Has("ingress") && !arguments.Has("no-ingress")) return {};
  group->clear_ingress();
  return AddRules(arguments.List("ingress"), group);
}

ExitCode RunCreate(Session& session, const Arguments& arguments) {
  v1::CreateSecurityGroupRequest request;
  request.mutable_security_group()->set_name(*arguments.Text("NAME"));
  const Status applied = ApplyFlags(arguments, request.mutable_security_group());
  if (!applied.ok()) return session.FailUsage(applied.error().message, "");
  return CallAndShow(session, request, &v1::CreateSecurityGroupResponse::security_group);
}

// What is wrong with the flags themselves, before the server is asked anything.
Status CheckModifyFlags(const Arguments& arguments) {
  const bool rules = arguments.Has("ingress");
  if (rules && arguments.Has("no-ingress")) return InvalidArgument("--ingress and --no-ingress contradict each other");
  if (!rules && !arguments.Has("no-ingress") && !arguments.Has("description")) {
    return InvalidArgument("nothing to change was given");
  }
  v1::SecurityGroup scratch;
  return AddRules(arguments.List("ingress"), &scratch);
}

// Modify replaces description and rules; what is not given stays, so it is read first.
ExitCode RunModify(Session& session, const Arguments& arguments) {
  const Status checked = CheckModifyFlags(arguments);
  if (!checked.ok()) return session.FailUsage(checked.error().message, "see `cachectl security-group modify --help`");
  v1::GetSecurityGroupRequest question;
  question.set_name(*arguments.Text("NAME"));
  v1::GetSecurityGroupResponse answer;
  const Status status = session.control_plane().Call(question, &answer);
  if (!status.ok()) return session.Fail(status.error());
  v1::ModifySecurityGroupRequest request;
  *request.mutable_security_group() = answer.security_group();
  const Status applied = ApplyFlags(arguments, request.mutable_security_group());
  if (!applied.ok()) return session.FailUsage(applied.error().message, "");
  return CallAndShow(session, request, &v1::ModifySecurityGroupResponse::security_group);
}

ExitCode RunList(Session& session, const Arguments&) {
  return PrintList<v1::ListSecurityGroupsResponse>(session, v1::ListSecurityGroupsRequest());
}

ExitCode RunDescribe(Session& session, const Arguments& arguments) {
  v1::GetSecurityGroupRequest request;
  request.set_name(*arguments.Text("NAME"));
  return CallAndShow(session, request, &v1::GetSecurityGroupResponse::security_group);
}

ExitCode RunDelete(Session& session, const Arguments& arguments) {
  v1::DeleteSecurityGroupRequest request;
  request.set_name(*arguments.Text("NAME"));
  return CallAndTellDeleted<v1::DeleteSecurityGroupResponse>(session, request, "security group");
}

Command ModifyCommand(const Positional& existing, std::vector<Flag> flags) {
  flags.push_back({"no-ingress", FlagKind::kSwitch, "", "remove all rules"});
  return {"security-group",
          "modify",
          "Replaces the description or the rules",
          {existing},
          std::move(flags),
          {"cachectl security-group modify apps --ingress tcp:6379-6379:10.0.0.0/8",
           "cachectl security-group modify apps --description \"the application hosts\""},
          RunModify};
}

}  // namespace

std::vector<Command> SecurityGroupCommands() {
  const Positional existing = {"NAME", "the security group", "security-group"};
  const std::vector<Flag> flags = {
      {"description", FlagKind::kText, "TEXT", "free text"},
      {"ingress", FlagKind::kList, "RULE", "who may connect, tcp:6379-6379:10.0.0.0/8; may be repeated"},
  };
  return {{"security-group",
           "create",
           "Creates a security group",
           {{"NAME", "its name"}},
           flags,
           {"cachectl security-group create apps --ingress tcp:6379-6379:10.0.0.0/8",
            "cachectl security-group create ops --ingress tcp:6379:10.1.0.0/16 --description \"operators\""},
           RunCreate},
          ModifyCommand(existing, flags),
          {"security-group",
           "list",
           "Lists the security groups",
           {},
           {},
           {"cachectl security-group list", "cachectl security-group list -o json"},
           RunList},
          {"security-group",
           "describe",
           "Shows a security group with its rules",
           {existing},
           {},
           {"cachectl security-group describe apps", "cachectl security-group describe apps -o json"},
           RunDescribe},
          {"security-group",
           "delete",
           "Deletes a security group that no cluster uses",
           {existing},
           {},
           {"cachectl security-group delete apps", "cachectl security-group delete apps -o json"},
           RunDelete}};
}

}  // namespace cacheplane::cli
