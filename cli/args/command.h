// The command line as data: the parser, the help texts and the completion scripts all read this one description.
#pragma once

#include <string>
#include <vector>

#include "cli/args/arguments.h"
#include "cli/args/exit_code.h"

namespace cacheplane::cli {

class Session;

enum class FlagKind {
  kSwitch,     // --yes
  kToggle,     // --multi-az and --no-multi-az
  kText,       // --engine valkey
  kNumber,     // --replicas 2
  kDuration,   // --timeout 5m
  kList,       // --tag a=b --tag c=d
  kCommaList,  // --zones a,b, also repeatable
};

struct Flag {
  std::string name;  // without dashes
  FlagKind kind = FlagKind::kText;
  std::string value;  // what the help shows for the value: "VERSION"
  std::string help;
  std::vector<std::string> choices = {};  // empty: anything
  std::string completes = "";             // as for Positional
  bool hidden = false;                    // understood, but neither in the help nor proposed
};

struct Positional {
  std::string name;
  std::string help;
  // Where the shell gets its proposals: "cluster" means `cachectl cluster list -o names`; "" means none.
  std::string completes = "";
  std::vector<std::string> choices = {};
  bool optional = false;
};

struct Command {
  std::string noun;
  std::string verb;  // empty: the noun alone
  std::string summary;
  std::vector<Positional> positionals;  // optional ones last
  std::vector<Flag> flags;
  std::vector<std::string> examples;
  ExitCode (*run)(Session& session, const Arguments& arguments) = nullptr;
  bool takes_rest = false;  // words after "--" belong to the command
};

struct Noun {
  std::string name;
  std::string summary;
};

struct CommandTable {
  std::vector<Noun> nouns;
  std::vector<Command> commands;

  const Noun* FindNoun(const std::string& name) const;
  const Command* Find(const std::string& noun, const std::string& verb) const;
  // In order of the table, without the empty one.
  std::vector<std::string> Verbs(const std::string& noun) const;
};

// Flags that every command takes: --endpoint and --output.
const std::vector<Flag>& GlobalFlags();

}  // namespace cacheplane::cli
