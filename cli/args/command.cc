#include "cli/args/command.h"

#include <algorithm>

namespace cacheplane::cli {

const Noun* CommandTable::FindNoun(const std::string& name) const {
  const auto found = std::find_if(nouns.begin(), nouns.end(), [&](const Noun& noun) { return noun.name == name; });
  return found == nouns.end() ? nullptr : &*found;
}

const Command* CommandTable::Find(const std::string& noun, const std::string& verb) const {
  const auto found = std::find_if(commands.begin(), commands.end(),
                                  [&](const Command& command) { return command.noun == noun && command.verb == verb; });
  return found == commands.end() ? nullptr : &*found;
}

std::vector<std::string> CommandTable::Verbs(const std::string& noun) const {
  std::vector<std::string> verbs;
  for (const Command& command : commands) {
    if (command.noun == noun && !command.verb.empty()) verbs.push_back(command.verb);
  }
  return verbs;
}

const std::vector<Flag>& GlobalFlags() {
  static const std::vector<Flag> flags = {
      {"endpoint", FlagKind::kText, "HOST:PORT", "control plane (default $CACHEPLANE_ENDPOINT or 127.0.0.1:7070)"},
      {"output", FlagKind::kText, "FORMAT", "-o: table (default), json or names", {"table", "json", "names"}},
  };
  return flags;
}

}  // namespace cacheplane::cli
