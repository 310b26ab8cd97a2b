#include "cacheplane/v1/access_key.pb.h"
#include "cli/commands/answer.h"
#include "cli/commands/commands.h"

namespace cacheplane::cli {
namespace {

// Lines for a shell to read: what AWS's tools look for in the environment.
std::string Exports(const v1::CreateAccessKeyResponse& created) {
  return fmt::format("export AWS_ACCESS_KEY_ID={}\nexport AWS_SECRET_ACCESS_KEY={}\n",
                     EscapeControl(created.access_key().id()), EscapeControl(created.secret_access_key()));
}

ExitCode RunCreate(Session& session, const Arguments& arguments) {
  v1::CreateAccessKeyRequest request;
  request.set_role(arguments.TextOr("role", ""));
  request.set_description(arguments.TextOr("description", ""));
  v1::CreateAccessKeyResponse created;
  const Status status = session.control_plane().Call(request, &created);
  if (!status.ok()) return session.Fail(status.error());
  switch (session.format()) {
    case OutputFormat::kJson: session.Print(ToJson(created)); break;
    case OutputFormat::kTable: session.Print(Exports(created)); break;
    case OutputFormat::kNames: session.Print(EscapeControl(created.access_key().id()) + "\n"); break;
  }
  session.Note("the secret is shown this once");
  return ExitCode::kOk;
}

ExitCode RunList(Session& session, const Arguments&) {
  return PrintList<v1::ListAccessKeysResponse>(session, v1::ListAccessKeysRequest());
}

ExitCode RunRevoke(Session& session, const Arguments& arguments) {
  v1::DeleteAccessKeyRequest request;
  request.set_id(*arguments.Text("ID"));
  v1::DeleteAccessKeyResponse response;
  const Status status = session.control_plane().Call(request, &response);
  if (!status.ok()) return session.Fail(status.error());
  switch (session.format()) {
    case OutputFormat::kJson: session.Print(ToJson(response)); break;
    case OutputFormat::kTable: session.Print("access key " + EscapeControl(request.id()) + " revoked\n"); break;
    case OutputFormat::kNames: session.Print(EscapeControl(request.id()) + "\n"); break;
  }
  return ExitCode::kOk;
}

}  // namespace

std::vector<Command> AccessKeyCommands() {
  return {
      {"access-key",
       "create",
       "Creates an access key, and prints it with its secret as lines for a shell",
       {},
       {{"role", FlagKind::kText, "ROLE", "what its owner may do (default operator)", {"viewer", "operator", "admin"}},
        {"description", FlagKind::kText, "TEXT", "whose it is, or what for"}},
       {"cachectl access-key create --role admin", "eval \"$(cachectl access-key create)\""},
       RunCreate},
      {"access-key",
       "list",
       "Lists the access keys, revoked ones as well",
       {},
       {},
       {"cachectl access-key list", "cachectl access-key list -o names"},
       RunList},
      {"access-key",
       "revoke",
       "Revokes an access key: no call that it signs is accepted any more",
       {{"ID", "the access key", "access-key"}},
       {},
       {"cachectl access-key revoke AKIAIOSFODNN7EXAMPLE", "cachectl access-key revoke AKIAIOSFODNN7EXAMPLE -o json"},
       RunRevoke}};
}

}  // namespace cacheplane::cli
