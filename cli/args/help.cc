#include "cli/args/help.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cacheplane::cli {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

// Two columns; a left side too long for its column gets a line of its own.
std::string Columns(const std::string& title, const Rows& rows) {
  constexpr std::size_t kWidest = 40;
  std::size_t width = 0;
  for (const auto& [left, right] : rows) {
    if (left.size() <= kWidest) width = std::max(width, left.size());
  }
  std::string text = title + ":\n";
  for (const auto& [left, right] : rows) {
    if (left.size() > width) {
      text += fmt::format("  {}\n  {:<{}}  {}\n", left, "", width, right);
    } else {
      text += fmt::format("  {:<{}}  {}\n", left, width, right);
    }
  }
  return text;
}

Rows FlagRows(const std::vector<Flag>& flags) {
  Rows rows;
  for (const Flag& flag : flags) {
    if (!flag.hidden) rows.emplace_back(FlagUsage(flag), flag.help);
  }
  return rows;
}

std::string CommandUsage(const Command& command) {
  std::string usage = "cachectl " + command.noun;
  if (!command.verb.empty()) usage += " " + command.verb;
  for (const Positional& positional : command.positionals) {
    usage += positional.optional ? fmt::format(" [{}]", positional.name) : " " + positional.name;
  }
  if (!command.flags.empty()) usage += " [flags]";
  if (command.takes_rest) usage += " [-- words…]";
  return usage;
}

Rows ExitCodeRows() {
  Rows rows;
  for (const ExitCodeRow& row : ExitCodeTable()) {
    rows.emplace_back(fmt::format("{}", static_cast<int>(row.code)), row.meaning);
  }
  return rows;
}

}  // namespace

std::string FlagUsage(const Flag& flag) {
  switch (flag.kind) {
    case FlagKind::kSwitch: return "--" + flag.name;
    case FlagKind::kToggle: return fmt::format("--{}, --no-{}", flag.name, flag.name);
    case FlagKind::kText:
    case FlagKind::kNumber:
    case FlagKind::kDuration:
    case FlagKind::kList:
    case FlagKind::kCommaList: return fmt::format("--{} {}", flag.name, flag.value);
  }
  return "--" + flag.name;
}

std::string RootHelp(const CommandTable& table) {
  Rows nouns;
  for (const Noun& noun : table.nouns) nouns.emplace_back(noun.name, noun.summary);
  const Rows environment = {
      {"CACHEPLANE_ENDPOINT", "control plane when --endpoint is not given"},
      {"CACHEPLANE_IMAGES", "engine images in which `cluster connect` looks for valkey-cli and redis-cli"},
      {"NO_COLOR", "when not empty: no colour and no live display"},
  };
  return "cachectl: the command line of Cacheplane\n\nUsage: cachectl NOUN VERB [NAME] [flags]\n\n" +
         Columns("Nouns", nouns) + "\n" + Columns("Flags of every command", FlagRows(GlobalFlags())) + "\n" +
         Columns("Environment", environment) + "\n" + Columns("Exit codes", ExitCodeRows()) +
         "\nExamples:\n  cachectl cluster create orders --node-type cache.t4g.small --replicas 2 --multi-az\n"
         "  cachectl cluster list -o json\n\nHelp on one: cachectl NOUN --help, cachectl NOUN VERB --help\n";
}

std::string NounHelp(const CommandTable& table, const Noun& noun) {
  Rows verbs;
  std::string examples;
  std::string flags;
  for (const Command& command : table.commands) {
    if (command.noun != noun.name) continue;
    verbs.emplace_back(command.verb.empty() ? "(no verb)" : command.verb, command.summary);
    if (command.verb.empty()) flags = "\n" + Columns("Flags without a verb", FlagRows(command.flags));
    if (!command.examples.empty()) examples += "  " + command.examples.front() + "\n";
  }
  return fmt::format("{}\n\nUsage: cachectl {} VERB [NAME] [flags]\n\n{}{}\nExamples:\n{}", noun.summary, noun.name,
                     Columns("Verbs", verbs), flags, examples);
}

std::string CommandHelp(const Command& command) {
  std::string text = fmt::format("{}\n\nUsage: {}\n", command.summary, CommandUsage(command));
  if (!command.positionals.empty()) {
    Rows rows;
    for (const Positional& positional : command.positionals) rows.emplace_back(positional.name, positional.help);
    text += "\n" + Columns("Arguments", rows);
  }
  if (!command.flags.empty()) text += "\n" + Columns("Flags", FlagRows(command.flags));
  text += "\n" + Columns("Flags of every command", FlagRows(GlobalFlags())) + "\nExamples:\n";
  for (const std::string& example : command.examples) text += "  " + example + "\n";
  return text;
}

}  // namespace cacheplane::cli
