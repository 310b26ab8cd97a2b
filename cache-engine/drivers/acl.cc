#include "cache-engine/drivers/acl.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include "cache-engine/drivers/engine_config.h"
#include "common/check.h"

namespace cacheplane::engine {
namespace {

// Every engine has these.
constexpr const char* kWithheld[] = {"bgrewriteaof", "bgsave",    "config", "debug",    "migrate", "module", "psync",
                                     "replconf",     "replicaof", "save",   "shutdown", "slaveof", "sync"};

// From Redis 7.0 on single subcommands can be taken away. `acl list` and `acl getuser` would show password hashes; a
// `client unpause` would open writes in the middle of a switchover, a `client pause` would make a healthy engine look
// hung.
constexpr const char* kWithheldFrom7[] = {"failover",
                                          "acl|deluser",
                                          "acl|getuser",
                                          "acl|list",
                                          "acl|load",
                                          "acl|save",
                                          "acl|setuser",
                                          "client|pause",
                                          "client|unpause",
                                          "cluster|addslots",
                                          "cluster|addslotsrange",
                                          "cluster|bumpepoch",
                                          "cluster|delslots",
                                          "cluster|delslotsrange",
                                          "cluster|failover",
                                          "cluster|flushslots",
                                          "cluster|forget",
                                          "cluster|meet",
                                          "cluster|replicate",
                                          "cluster|reset",
                                          "cluster|saveconfig",
                                          "cluster|set-config-epoch",
                                          "cluster|setslot"};

constexpr const char* kWithheldFromValkey9[] = {"cluster|cancelslotmigrations", "cluster|flushslot",
                                                "cluster|migrateslots", "cluster|syncslots"};

// Redis 6 can only take a whole command away and give subcommands back.
constexpr const char* kContainersOf6[] = {"acl", "client", "cluster"};
constexpr const char* kGivenBackIn6[] = {"acl|cat",
                                         "acl|genpass",
                                         "acl|help",
                                         "acl|log",
                                         "acl|users",
                                         "acl|whoami",
                                         "client|caching",
                                         "client|getname",
                                         "client|getredir",
                                         "client|help",
                                         "client|id",
                                         "client|kill",
                                         "client|list",
                                         "client|reply",
                                         "client|setname",
                                         "client|tracking",
                                         "client|unblock",
                                         "cluster|count-failure-reports",
                                         "cluster|countkeysinslot",
                                         "cluster|getkeysinslot",
                                         "cluster|help",
                                         "cluster|info",
                                         "cluster|keyslot",
                                         "cluster|myid",
                                         "cluster|nodes",
                                         "cluster|replicas",
                                         "cluster|slaves",
                                         "cluster|slots"};

template <typename Names>
void Append(std::vector<std::string>& rules, char sign, const Names& names) {
  for (const char* name : names) rules.push_back(sign + std::string(name));
}

std::string Sha256Hex(const std::string& text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  CP_CHECK(EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha256(), nullptr) == 1);
  return fmt::format("{:02x}", fmt::join(digest, digest + size, ""));
}

// `on`, the credential and everything there is; Redis 6.0 has no channels to grant.
std::vector<std::string> Everything(const std::string& user, const std::string& credential, Version version) {
  std::vector<std::string> rules = {user, "on", credential, "~*"};
  if (version >= kRedis7) rules.emplace_back("&*");
  rules.emplace_back("+@all");
  return rules;
}

}  // namespace

std::vector<std::string> WithheldRules(const std::string& engine, Version version) {
  std::vector<std::string> rules;
  Append(rules, '-', kWithheld);
  if (version < kRedis7) {
    Append(rules, '-', kContainersOf6);
    Append(rules, '+', kGivenBackIn6);
    return rules;
  }
  Append(rules, '-', kWithheldFrom7);
  if (engine == "valkey" && version >= Version{9, 0}) Append(rules, '-', kWithheldFromValkey9);
  return rules;
}

Result<std::vector<Directive>> UserDirectives(const std::string& engine, Version version, const std::string& password) {
  if (password.empty()) return InvalidArgument("the internal user needs a password");
  Directive internal{"user", Everything(kInternalUser, '#' + Sha256Hex(password), version)};
  Directive everybody{"user", Everything("default", "nopass", version)};
  const auto withheld = WithheldRules(engine, version);
  everybody.values.insert(everybody.values.end(), withheld.begin(), withheld.end());
  return std::vector<Directive>{std::move(internal), std::move(everybody)};
}

std::string OpenerName(std::uint64_t epoch) { return fmt::format("{}-opener-{}", kInternalUser, epoch); }

std::vector<std::string> AdmitOpener(std::uint64_t epoch, const std::string& password) {
  return {"ACL", "SETUSER", OpenerName(epoch), "reset", "on", '#' + Sha256Hex(password), "+replicaof"};
}

std::vector<std::string> DismissOpener(std::uint64_t epoch) { return {"ACL", "DELUSER", OpenerName(epoch)}; }

}  // namespace cacheplane::engine
