#include "cli/args/completion.h"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string_view>

#include "common/text.h"

namespace cacheplane::cli {
namespace {

// The parts of a script that are the same in bash and zsh: both understand this much of each other's language.
// `before` holds the words between the program and the one being typed, which is `cur`.
constexpr std::string_view kFindPlace =
    R"sh(  local word noun="" verb="" given=0 skip="" flag="" flags="" live="" choices=""
  for word in "${before[@]}"; do
    # bash cuts words at these; what follows belongs to the word before
    if [[ "$word" == = || "$word" == : ]]; then skip=1; continue; fi
    if [[ -n "$skip" ]]; then skip=""; continue; fi
    case "$word" in
      @VALUE_FLAGS@) skip=1; flag="$word" ;;
      -*) ;;
      *) if [[ -z "$noun" ]]; then noun="$word"
         elif [[ -z "$verb" ]]; then verb="$word"
         else given=$((given + 1)); fi ;;
    esac
  done
)sh";

constexpr std::string_view kPropose = R"sh(  if [[ -z "$skip" ]]; then
    case "$noun $verb" in
@COMMANDS@    esac
    if [[ "$cur" == -* ]]; then choices="$flags @GLOBAL_FLAGS@"; live=""; fi
  else
    live=""
    case "$flag" in
@FLAG_VALUES@    esac
  fi
  if [[ -n "$live" ]]; then choices="$(cachectl "$live" list -o names 2>/dev/null)"; fi
)sh";

constexpr std::string_view kBashStart = R"sh(# bash completion of cachectl: source <(cachectl completion bash)
_cachectl() {
  local cur="${COMP_WORDS[COMP_CWORD]}"
  local -a before=("${COMP_WORDS[@]:1:COMP_CWORD-1}")
)sh";
constexpr std::string_view kBashEnd = R"sh(  # no compgen -W: it would run what stands in a name
  local -a all=()
  COMPREPLY=()
  read -r -d '' -a all <<<"$choices"
  for word in "${all[@]}"; do
    if [[ "$word" == "$cur"* ]]; then COMPREPLY+=("$word"); fi
  done
  if [[ -n "$skip" && "$flag" == --file ]]; then mapfile -t COMPREPLY < <(compgen -f -- "$cur"); fi
}
complete -F _cachectl cachectl
)sh";

constexpr std::string_view kZshStart = R"sh(#compdef cachectl
# zsh completion of cachectl: source <(cachectl completion zsh)
_cachectl() {
  local cur="${words[CURRENT]}"
  local -a before
  before=("${words[@]:1:$((CURRENT-2))}")
)sh";
constexpr std::string_view kZshEnd = R"sh(  if [[ -n "$skip" && "$flag" == --file ]]; then _files; return; fi
  compadd -- ${=choices}
}
compdef _cachectl cachectl
)sh";

bool TakesValue(const Flag& flag) { return flag.kind != FlagKind::kSwitch && flag.kind != FlagKind::kToggle; }

// Every flag of every command by name; a name means the same everywhere.
std::map<std::string, Flag> AllFlags(const CommandTable& table) {
  std::map<std::string, Flag> flags;
  for (const Flag& flag : GlobalFlags()) flags.emplace(flag.name, flag);
  for (const Command& command : table.commands) {
    for (const Flag& flag : command.flags) flags.emplace(flag.name, flag);
  }
  return flags;
}

std::string FlagWords(const std::vector<Flag>& flags) {
  std::vector<std::string> words;
  for (const Flag& flag : flags) {
    if (flag.hidden) continue;
    words.push_back("--" + flag.name);
    if (flag.kind == FlagKind::kToggle) words.push_back("--no-" + flag.name);
  }
  return Join(words, " ");
}

std::string ValueFlagPattern(const CommandTable& table) {
  std::vector<std::string> words = {"-o"};
  for (const auto& [name, flag] : AllFlags(table)) {
    if (TakesValue(flag)) words.push_back("--" + name);
  }
  return Join(words, "|");
}

std::string FlagValueCases(const CommandTable& table) {
  std::string cases;
  for (const auto& [name, flag] : AllFlags(table)) {
    const std::string pattern = name == "output" ? "-o|--output" : "--" + name;
    if (!flag.completes.empty()) cases += fmt::format("      {}) live={} ;;\n", pattern, flag.completes);
    if (!flag.choices.empty()) cases += fmt::format("      {}) choices=\"{}\" ;;\n", pattern, Join(flag.choices, " "));
  }
  return cases;
}

// The case for one command: its flags, and what its first word can be.
std::string CommandCase(const CommandTable& table, const Command& command) {
  std::string body = fmt::format("flags=\"{}\"", FlagWords(command.flags));
  if (command.verb.empty()) {
    std::vector<std::string> words = table.Verbs(command.noun);
    if (!command.positionals.empty()) words = command.positionals.front().choices;
    body += fmt::format("; choices=\"{}\"", Join(words, " "));
  } else if (!command.positionals.empty() && !command.positionals.front().completes.empty()) {
    body += fmt::format("; [[ \"$given\" == 0 ]] && live={}", command.positionals.front().completes);
  }
  return fmt::format("      \"{} {}\") {} ;;\n", command.noun, command.verb, body);
}

std::string CommandCases(const CommandTable& table) {
  std::vector<std::string> nouns;
  std::string cases;
  for (const Noun& noun : table.nouns) {
    nouns.push_back(noun.name);
    if (table.Find(noun.name, "") != nullptr) continue;
    cases += fmt::format("      \"{} \") choices=\"{}\" ;;\n", noun.name, Join(table.Verbs(noun.name), " "));
  }
  for (const Command& command : table.commands) cases += CommandCase(table, command);
  return fmt::format("      \" \") choices=\"{}\" ;;\n", Join(nouns, " ")) + cases;
}

std::string Fill(std::string_view text, const std::string& slot, const std::string& value) {
  std::string filled(text);
  const std::size_t place = filled.find(slot);
  return place == std::string::npos ? filled : filled.replace(place, slot.size(), value);
}

std::string CommonBody(const CommandTable& table) {
  std::string propose = Fill(kPropose, "@COMMANDS@", CommandCases(table));
  propose = Fill(propose, "@GLOBAL_FLAGS@", FlagWords(GlobalFlags()) + " --help");
  propose = Fill(propose, "@FLAG_VALUES@", FlagValueCases(table));
  return Fill(kFindPlace, "@VALUE_FLAGS@", ValueFlagPattern(table)) + propose;
}

std::string FishQuoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted += (c == '\'' || c == '\\') ? std::string("\\") + c : std::string(1, c);
  return quoted + "'";
}

std::string FishFlag(const std::string& condition, const Flag& flag) {
  const std::string start =
      condition.empty() ? "complete -c cachectl" : "complete -c cachectl -n " + FishQuoted(condition);
  std::string line = fmt::format("{} -l {} -d {}", start, flag.name, FishQuoted(flag.help));
  if (flag.kind == FlagKind::kToggle)
    line += fmt::format("\n{} -l no-{} -d {}", start, flag.name, FishQuoted(flag.help));
  if (flag.name == "output") line += " -s o";
  if (flag.name == "file") return line + " -r -F\n";
  if (TakesValue(flag)) line += " -x";
  if (!flag.choices.empty()) line += " -a " + FishQuoted(Join(flag.choices, " "));
  if (!flag.completes.empty()) line += " -a " + FishQuoted(fmt::format("(__cachectl_names {})", flag.completes));
  return line + "\n";
}

std::string FishCommand(const Command& command) {
  std::string condition = "__fish_seen_subcommand_from " + command.noun;
  if (!command.verb.empty()) condition += "; and __fish_seen_subcommand_from " + command.verb;
  std::string lines;
  for (const Positional& positional : command.positionals) {
    std::string words = Join(positional.choices, " ");
    if (!positional.completes.empty()) words = fmt::format("(__cachectl_names {})", positional.completes);
    if (words.empty()) continue;
    lines += fmt::format("complete -c cachectl -n {} -a {}\n", FishQuoted(condition), FishQuoted(words));
  }
  for (const Flag& flag : command.flags) {
    if (!flag.hidden) lines += FishFlag(condition, flag);
  }
  return lines;
}

std::string FishVerbs(const CommandTable& table, const Noun& noun) {
  const std::vector<std::string> verbs = table.Verbs(noun.name);
  std::string condition = "__fish_seen_subcommand_from " + noun.name;
  if (!verbs.empty()) condition += "; and not __fish_seen_subcommand_from " + Join(verbs, " ");
  std::string lines;
  for (const std::string& verb : verbs) {
    lines += fmt::format("complete -c cachectl -n {} -a {} -d {}\n", FishQuoted(condition), verb,
                         FishQuoted(table.Find(noun.name, verb)->summary));
  }
  return lines;
}

}  // namespace

std::string BashCompletion(const CommandTable& table) {
  return std::string(kBashStart) + CommonBody(table) + std::string(kBashEnd);
}

std::string ZshCompletion(const CommandTable& table) {
  return std::string(kZshStart) + CommonBody(table) + std::string(kZshEnd);
}

std::string FishCompletion(const CommandTable& table) {
  std::string script =
      "# fish completion of cachectl: cachectl completion fish | source\n"
      "function __cachectl_names\n  cachectl $argv[1] list -o names 2>/dev/null\nend\n"
      "complete -c cachectl -f\n";
  for (const Flag& flag : GlobalFlags()) script += FishFlag("", flag);
  for (const Noun& noun : table.nouns) {
    script +=
        fmt::format("complete -c cachectl -n __fish_use_subcommand -a {} -d {}\n", noun.name, FishQuoted(noun.summary));
    script += FishVerbs(table, noun);
  }
  for (const Command& command : table.commands) script += FishCommand(command);
  return script;
}

}  // namespace cacheplane::cli
