#include "cli/commands/field_flags.h"

#include <algorithm>
#include <string_view>

#include "cli/commands/cluster_spec.h"

namespace cacheplane::cli {
namespace {

struct Row {
  std::string_view field;
  const char* flag;
};

// Beside those of a cluster's definition, which cluster_spec.h has.
constexpr Row kFields[] = {
    {"subnet.zone", "zone"},
    {"subnet.cidr", "cidr"},
    {"subnet_group.subnets", "subnets"},
    {"subnet_group.description", "description"},
    {"security_group.ingress", "ingress"},
    {"security_group.description", "description"},
};

// Words of every day: they are meant where a message begins with them and their flag was given.
constexpr Row kRequestFields[] = {
    {"expected_primary", "from"},
    {"node", "to"},
    {"nodes", "node"},
    {"version", "to"},
    {"revision", "to-revision"},
    {"check_revision", "check-revision"},
    {"replicas_to_remove", "remove"},
    {"shard", "shard"},
    {"etag", "etag"},
    {"request_id", "request-id"},
    {"engine", "engine"},
    {"source_type", "source-type"},
    {"resume_token", "resume-token"},
};

// It lists fields of a definition without their prefix, some in quotes.
constexpr std::string_view kOfAnUpdateMask = "not yet: changing ";
constexpr std::string_view kOfADefinition = "spec.";

template <std::size_t kSize>
std::string FlagIn(const Row (&rows)[kSize], std::string_view field) {
  const auto row = std::find_if(std::begin(rows), std::end(rows), [&](const Row& one) { return one.field == field; });
  return row == std::end(rows) ? "" : row->flag;
}

class Translation {
 public:
  Translation(std::string_view message, const Arguments& arguments) : message_(message), arguments_(arguments) {}

  std::string Run() {
    while (at_ < message_.size()) {
      const std::size_t after = std::min(message_.find_first_not_of(kOfWords, at_), message_.size());
      if (after == at_) {
        if (message_[at_] == '"') quoted_ = !quoted_;
        told_ += message_[at_++];
        continue;
      }
      const std::string flag = FlagOf(message_.substr(at_, after - at_), after);
      told_ += flag.empty() ? std::string(message_.substr(at_, after - at_)) : "--" + flag;
      at_ = after;
    }
    return told_;
  }

 private:
  static constexpr std::string_view kOfWords = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.";

  // Empty when no flag sets it, or the word is no field.
  std::string FlagOf(std::string_view word, std::size_t after) const {
    if (message_.starts_with(kOfAnUpdateMask)) return FlagOfSpecField(word);
    if (quoted_) return "";
    if (word.starts_with(kOfADefinition)) return FlagOfDefinition(word.substr(kOfADefinition.size()));
    const bool begins = at_ == 0 && message_.substr(after).starts_with(':');
    const std::string of_request = begins ? FlagIn(kRequestFields, word) : "";
    return arguments_.Has(of_request) ? of_request : FlagIn(kFields, word);
  }

  // A rollback takes the definition of an earlier revision: its words, not flags.
  std::string FlagOfDefinition(std::string_view field) const {
    return arguments_.Has("to-revision") ? "" : FlagOfSpecField(field);
  }

  const std::string_view message_;
  const Arguments& arguments_;
  std::size_t at_ = 0;
  bool quoted_ = false;
  std::string told_;
};

}  // namespace

std::string InFlags(const std::string& message, const Arguments& arguments) {
  return arguments.Has("file") ? message : Translation(message, arguments).Run();
}

}  // namespace cacheplane::cli
