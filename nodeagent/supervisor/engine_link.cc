#include "nodeagent/supervisor/engine_link.h"

#include "nodeagent/decide/lease.h"

namespace cacheplane::agent {

using std::chrono::milliseconds;

Status EngineLink::Connect(milliseconds timeout) {
  if (client_) return {};
  refused_ = false;
  CP_ASSIGN_OR_RETURN(client_, resp::Client::Connect(target_.address.host, target_.address.port, timeout, kAgentMark));
  const auto reply = client_->Call({"AUTH", target_.user, target_.password}, timeout);
  if (reply.ok() && !reply->IsError()) return {};
  client_.reset();
  if (!reply.ok()) return reply.error();
  refused_ = true;
  return Unavailable(reply->text);
}

Result<resp::Value> EngineLink::Call(const std::vector<std::string>& command, milliseconds timeout) {
  CP_RETURN_IF_ERROR(Connect(timeout));
  auto reply = client_->Call(command, timeout);
  if (!reply.ok()) client_.reset();
  return reply;
}

Status EngineLink::Tell(const std::vector<std::string>& command, milliseconds timeout) {
  const auto reply = Call(command, timeout);
  if (!reply.ok()) return reply.error();
  return reply->IsError() ? Status(Unavailable(reply->text)) : Status();
}

Result<engine::ReplicationInfo> EngineLink::Replication(milliseconds timeout) {
  const auto reply = Call({"INFO", "replication"}, timeout);
  if (!reply.ok()) return reply.error();
  if (reply->IsError()) return Unavailable(reply->text);
  return engine::ParseReplication(reply->text);
}

Result<std::int64_t> EngineLink::Demote(const Address& primary, milliseconds timeout) {
  CP_RETURN_IF_ERROR(Connect(timeout));
  // ROLE and not INFO: for that Redis 6.0 would tell its replicas of the transaction, and they had something that their
  // new primary has not.
  const auto answers = client_->CallAll(
      {{"MULTI"}, {"ROLE"}, {"REPLICAOF", primary.host, std::to_string(primary.port)}, {"EXEC"}}, timeout);
  if (!answers.ok()) client_.reset();
  if (!answers.ok()) return answers.error();
  const resp::Value& done = answers->back();
  if (done.IsError()) return FailedPrecondition("not demoted: " + done.text);
  if (done.items.size() != 2) return Internal("not demoted: an odd answer");
  if (done.items[1].IsError()) return FailedPrecondition("not demoted: " + done.items[1].text);
  const auto& role = done.items[0].items;
  if (role.size() < 2 || role[0].text != "master") return Internal("demoted, and it was no primary");
  return role[1].integer;
}

}  // namespace cacheplane::agent
