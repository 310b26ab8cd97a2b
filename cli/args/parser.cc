#include "cli/args/parser.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>

#include "cli/args/help.h"
#include "cli/args/values.h"
#include "common/nearest.h"
#include "common/text.h"

namespace cacheplane::cli {
namespace {

// Where the words led: as deep as nouns and verbs were understood.
struct Place {
  CLI::App* app = nullptr;
  const Noun* noun = nullptr;
  const Command* command = nullptr;
};

std::string CliName(const Flag& flag) {
  const std::string name = "--" + flag.name;
  if (flag.name == "output") return "-o," + name;
  return flag.kind == FlagKind::kToggle ? name + ",!--no-" + flag.name : name;
}

void AddFlag(CLI::App& app, const Flag& flag) {
  const bool valueless = flag.kind == FlagKind::kSwitch || flag.kind == FlagKind::kToggle;
  CLI::Option* option = valueless ? app.add_flag(CliName(flag)) : app.add_option(CliName(flag));
  // CLI11 takes whatever comes; how often a flag may come is for Complaint to say.
  option->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

// At most one sub-command a level, so that a cluster may be called "list" or "node".
void MakeLevel(CLI::App& app) {
  app.fallthrough();
  app.require_subcommand(0, 1);
}

void AddCommand(CLI::App& noun, const Command& command) {
  CLI::App& app = command.verb.empty() ? noun : *noun.add_subcommand(command.verb);
  MakeLevel(app);
  for (const Positional& positional : command.positionals) app.add_option(positional.name);
  for (const Flag& flag : command.flags) AddFlag(app, flag);
}

void BuildApp(CLI::App& root, const CommandTable& table) {
  MakeLevel(root);
  for (const Flag& flag : GlobalFlags()) AddFlag(root, flag);
  for (const Noun& noun : table.nouns) {
    CLI::App& app = *root.add_subcommand(noun.name);
    MakeLevel(app);
    for (const Command& command : table.commands) {
      if (command.noun == noun.name) AddCommand(app, command);
    }
  }
}

Place FindPlace(CLI::App& root, const CommandTable& table) {
  Place place{&root};
  if (root.get_subcommands().empty()) return place;
  place.app = root.get_subcommands().front();
  place.noun = table.FindNoun(place.app->get_name());
  CLI::App* const noun = place.app;
  if (!noun->get_subcommands().empty()) place.app = noun->get_subcommands().front();
  place.command = table.Find(place.noun->name, place.app == noun ? "" : place.app->get_name());
  return place;
}

std::string HelpAt(const Place& place, const CommandTable& table) {
  if (place.noun == nullptr) return RootHelp(table);
  const bool noun_has_verbs = !table.Verbs(place.noun->name).empty();
  if (place.command == nullptr || (place.command->verb.empty() && noun_has_verbs)) return NounHelp(table, *place.noun);
  return CommandHelp(*place.command);
}

std::string HelpHint(const Place& place) {
  std::string words = "cachectl";
  if (place.noun != nullptr) words += " " + place.noun->name;
  if (place.command != nullptr && !place.command->verb.empty()) words += " " + place.command->verb;
  return fmt::format("see `{} --help`", words);
}

UsageError WithSuggestion(std::string message, const std::string& prefix, const std::string& word,
                          const std::vector<std::string>& known, const Place& place) {
  const std::optional<std::string> nearest = NearestWord(word, known);
  if (!nearest) return {std::move(message), HelpHint(place)};
  return {std::move(message), fmt::format("did you mean `{}{}`?", prefix, *nearest)};
}

std::vector<std::string> KnownFlags(const Place& place) {
  std::vector<std::string> names;
  const auto add = [&names](const Flag& flag) {
    if (flag.hidden) return;
    names.push_back("--" + flag.name);
    if (flag.kind == FlagKind::kToggle) names.push_back("--no-" + flag.name);
  };
  if (place.command != nullptr) std::for_each(place.command->flags.begin(), place.command->flags.end(), add);
  std::for_each(GlobalFlags().begin(), GlobalFlags().end(), add);
  return names;
}

std::vector<std::string> NounNames(const CommandTable& table) {
  std::vector<std::string> names;
  for (const Noun& noun : table.nouns) names.push_back(noun.name);
  return names;
}

// Words that fit nowhere: a mistyped noun, verb or flag, or one word too many.
UsageError ExplainExtras(const CommandTable& table, const Place& place, const std::vector<std::string>& extras) {
  const auto is_flag = [](const std::string& word) { return word.size() > 1 && word.front() == '-'; };
  const auto word = std::find_if_not(extras.begin(), extras.end(), is_flag);
  if (place.noun == nullptr && word != extras.end()) {
    return WithSuggestion(fmt::format("unknown command \"{}\"", *word), "cachectl ", *word, NounNames(table), place);
  }
  const std::vector<std::string> verbs = place.noun ? table.Verbs(place.noun->name) : std::vector<std::string>();
  const bool verb_missing = place.command == nullptr || (place.command->verb.empty() && !verbs.empty());
  if (place.noun != nullptr && verb_missing && word != extras.end()) {
    return WithSuggestion(fmt::format("unknown command \"{} {}\"", place.noun->name, *word),
                          fmt::format("cachectl {} ", place.noun->name), *word, verbs, place);
  }
  const auto flag = std::find_if(extras.begin(), extras.end(), is_flag);
  if (flag == extras.end()) return {fmt::format("unexpected word \"{}\"", extras.front()), HelpHint(place)};
  const std::string name = flag->substr(0, flag->find('='));
  return WithSuggestion(fmt::format("unknown flag \"{}\"", name), "", name, KnownFlags(place), place);
}

bool IsRepeatable(const Flag& flag) { return flag.kind == FlagKind::kList || flag.kind == FlagKind::kCommaList; }

// What is wrong with a value, if anything.
std::optional<std::string> Complaint(const Flag& flag, const std::string& value) {
  if (flag.kind == FlagKind::kSwitch && value != "true") return fmt::format("--{} takes no value", flag.name);
  if (flag.kind == FlagKind::kToggle && value != "true" && value != "false") {
    return fmt::format("--{} takes no value; its opposite is --no-{}", flag.name, flag.name);
  }
  if (flag.kind == FlagKind::kNumber && !ParseNumber(value)) {
    return fmt::format("--{}: \"{}\" is not a whole number", flag.name, value);
  }
  if (flag.kind == FlagKind::kDuration && !ParseDuration(value)) {
    return fmt::format("--{}: \"{}\" is not a duration such as 90s, 5m or 1h30m", flag.name, value);
  }
  if (flag.choices.empty() || std::find(flag.choices.begin(), flag.choices.end(), value) != flag.choices.end()) {
    return std::nullopt;
  }
  return fmt::format("--{}: \"{}\" is not one of {}", flag.name, value, Join(flag.choices, ", "));
}

void Store(const Flag& flag, const std::string& value, Arguments& arguments) {
  if (flag.kind != FlagKind::kCommaList) return arguments.Add(flag.name, value);
  const std::vector<std::string> parts = ParseCommaList(value);
  // `--zones ""` is given, with no values: it empties the list.
  if (parts.empty()) arguments.Add(flag.name, "");
  for (const std::string& part : parts) arguments.Add(flag.name, part);
}

std::optional<std::string> CollectFlags(const CLI::App& app, const std::vector<Flag>& flags, Arguments& arguments) {
  for (const Flag& flag : flags) {
    const std::vector<std::string> values = app.get_option("--" + flag.name)->results();
    if (values.size() > 1 && !IsRepeatable(flag)) return fmt::format("--{} is given twice", flag.name);
    for (const std::string& value : values) {
      if (const std::optional<std::string> complaint = Complaint(flag, value)) return complaint;
      Store(flag, value, arguments);
    }
  }
  return std::nullopt;
}

std::optional<std::string> CollectPositionals(const CLI::App& app, const Command& command, Arguments& arguments) {
  for (const Positional& positional : command.positionals) {
    const std::vector<std::string> values = app.get_option(positional.name)->results();
    if (values.empty() && positional.optional) continue;
    if (values.empty() || values.front().empty()) return fmt::format("{} is missing", positional.name);
    const std::vector<std::string>& choices = positional.choices;
    if (!choices.empty() && std::find(choices.begin(), choices.end(), values.front()) == choices.end()) {
      return fmt::format("{}: \"{}\" is not one of {}", positional.name, values.front(), Join(choices, ", "));
    }
    arguments.Add(positional.name, values.front());
  }
  return std::nullopt;
}

ParsedLine Collect(const CommandTable& table, const CLI::App& root, const Place& place, std::vector<std::string> rest,
                   bool has_rest) {
  if (place.noun == nullptr) return UsageError{"a command is missing", HelpHint(place)};
  if (place.command == nullptr) {
    return UsageError{fmt::format("what to do with \"{}\" is missing: {}", place.noun->name,
                                  Join(table.Verbs(place.noun->name), ", ")),
                      HelpHint(place)};
  }
  Invocation invocation{place.command, {}};
  std::optional<std::string> complaint = CollectPositionals(*place.app, *place.command, invocation.arguments);
  if (!complaint) complaint = CollectFlags(*place.app, place.command->flags, invocation.arguments);
  if (!complaint) complaint = CollectFlags(root, GlobalFlags(), invocation.arguments);
  if (!complaint && has_rest && !place.command->takes_rest) complaint = "nothing can follow \"--\" here";
  if (complaint) return UsageError{*complaint, HelpHint(place)};
  invocation.arguments.SetRest(std::move(rest));
  return invocation;
}

}  // namespace

ParsedLine ParseCommandLine(const CommandTable& table, const std::vector<std::string>& words) {
  if (!std::all_of(words.begin(), words.end(), IsUtf8)) return UsageError{"a word is not valid UTF-8", ""};
  // Words behind "--" belong to somebody else; CLI11 would try to place them.
  const auto dashes = std::find(words.begin(), words.end(), "--");
  const bool has_rest = dashes != words.end();
  std::vector<std::string> rest(has_rest ? dashes + 1 : dashes, words.end());

  CLI::App root;
  BuildApp(root, table);
  try {
    // CLI11 takes them last first.
    root.parse(std::vector<std::string>(std::make_reverse_iterator(dashes), words.rend()));
  } catch (const CLI::CallForHelp&) {
    return HelpWanted{HelpAt(FindPlace(root, table), table)};
  } catch (const CLI::ExtrasError&) {
    return ExplainExtras(table, FindPlace(root, table), root.remaining(true));
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string text = error.what();
    return UsageError{fmt::format("{} needs a value", text.substr(0, text.find(':'))),
                      HelpHint(FindPlace(root, table))};
  } catch (const CLI::ParseError& error) {
    return UsageError{error.what(), HelpHint(FindPlace(root, table))};
  }
  return Collect(table, root, FindPlace(root, table), std::move(rest), has_rest);
}

}  // namespace cacheplane::cli
