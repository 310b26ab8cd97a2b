#include "controlplane/gateway/aws/ec2/filters.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "controlplane/service/paging.h"
#include "controlplane/service/rules.h"

namespace cacheplane::gateway::aws::ec2 {
namespace {

constexpr std::int64_t kFewestResults = 5;
constexpr std::int64_t kMostResults = 1000;

bool IsKnown(const Kind& kind, const std::string& filter) {
  return filter.starts_with("tag:") ||
         std::find(kind.filters.begin(), kind.filters.end(), filter) != kind.filters.end();
}

std::optional<Fault> CheckFilter(const Kind& kind, const Json& filter) {
  const std::string name = filter.value("Name", "");
  if (!IsKnown(kind, name)) {
    return InvalidParameterValue(fmt::format("Filter: The filter {} is invalid; allowed: {}, \"tag:<key>\"",
                                             service::Quoted(name), service::QuotedList(kind.filters)));
  }
  if (!filter.value("Value", Json::array()).empty()) return std::nullopt;
  return InvalidParameterValue(
      fmt::format("Filter: {} has no value; allowed: Filter.N.Value.1 and more", service::Quoted(name)));
}

std::vector<std::string> ValuesOf(const Row& row, const std::string& filter) {
  const auto found = row.values.find(filter);
  return found == row.values.end() ? std::vector<std::string>{} : found->second;
}

bool Passes(const Row& row, const Json& filter) {
  const std::vector<std::string> values = ValuesOf(row, filter.at("Name"));
  const Json& patterns = filter.at("Value");
  return std::any_of(patterns.begin(), patterns.end(), [&](const Json& pattern) {
    return std::any_of(values.begin(), values.end(), [&](const std::string& value) {
      return MatchesPattern(pattern.get_ref<const std::string&>(), value);
    });
  });
}

// Leaves the rows that are named, if any are.
std::optional<Fault> KeepNamed(const Call& call, const Kind& kind, std::vector<Row>& rows) {
  for (const auto& [member, filter] : kind.ids) {
    const auto named = call.input.value(member, std::vector<std::string>());
    const auto has = [&, &by = filter](const Row& row, const std::string& id) {
      const std::vector<std::string> values = ValuesOf(row, by);
      return std::find(values.begin(), values.end(), id) != values.end();
    };
    for (const std::string& id : named) {
      if (std::any_of(rows.begin(), rows.end(), [&](const Row& row) { return has(row, id); })) continue;
      return Fault{kind.not_found, 400, fmt::format("{}: {} does not exist", member, service::Quoted(id))};
    }
    std::erase_if(rows, [&](const Row& row) {
      return !named.empty() && std::none_of(named.begin(), named.end(), [&](const auto& id) { return has(row, id); });
    });
  }
  return std::nullopt;
}

std::optional<Fault> KeepFiltered(const Call& call, const Kind& kind, std::vector<Row>& rows) {
  const Json filters = call.input.value("Filter", Json::array());
  for (const Json& filter : filters) {
    if (const auto fault = CheckFilter(kind, filter)) return fault;
    std::erase_if(rows, [&](const Row& row) { return !Passes(row, filter); });
  }
  return std::nullopt;
}

// What is asked for of the rows: all, unless there is a number or a token.
std::variant<service::Page<Row>, Fault> PageIn(const Call& call, const Kind& kind, std::vector<Row> rows) {
  const std::int64_t most = call.input.value("MaxResults", std::int64_t{0});
  const std::string token = call.input.value("NextToken", "");
  if (most == 0 && token.empty()) return service::Page<Row>{std::move(rows), ""};
  if (most != 0 && (most < kFewestResults || most > kMostResults)) {
    return InvalidParameterValue(
        fmt::format("MaxResults: {} is out of range; allowed: {} to {}", most, kFewestResults, kMostResults));
  }
  const auto page = service::ReadListRequest(kind.list, {.page_size = static_cast<int>(most), .page_token = token});
  if (!page.ok()) {
    return InvalidParameterValue(
        fmt::format("NextToken: {} is not one of this list; allowed: that of the page before", service::Quoted(token)));
  }
  std::erase_if(rows, [&](const Row& row) { return row.id <= page->after; });
  return service::MakePage(std::move(rows), *page, kind.list, [](const Row& row) { return row.id; });
}

}  // namespace

// Goes back to the latest "*" alone, which takes one character more: no pattern takes longer than both lengths'
// product.
bool MatchesPattern(std::string_view pattern, std::string_view text) {
  std::size_t at = 0;  // in the pattern
  std::size_t star = std::string_view::npos;
  std::size_t taken = 0;  // where the text went on after it
  for (std::size_t i = 0; i < text.size();) {
    const bool escaped = at + 1 < pattern.size() && pattern[at] == '\\';
    const std::size_t letter = escaped ? at + 1 : at;
    if (!escaped && at < pattern.size() && pattern[at] == '*') {
      star = at++;
      taken = i;
    } else if (letter < pattern.size() && (pattern[letter] == text[i] || (!escaped && pattern[letter] == '?'))) {
      at = letter + 1;
      ++i;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      i = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

Answer AnswerRows(const Call& call, const Kind& kind, std::vector<Row> rows) {
  if (const auto fault = KeepNamed(call, kind, rows)) return *fault;
  if (const auto fault = KeepFiltered(call, kind, rows)) return *fault;
  auto page = PageIn(call, kind, std::move(rows));
  if (auto* fault = std::get_if<Fault>(&page)) return std::move(*fault);
  Json result = {{kind.list, Json::array()}};
  for (Row& row : std::get<service::Page<Row>>(page).items) result[kind.list].push_back(std::move(row.json));
  const std::string& next = std::get<service::Page<Row>>(page).next_page_token;
  if (!next.empty()) result["nextToken"] = next;
  return result;
}

}  // namespace cacheplane::gateway::aws::ec2
