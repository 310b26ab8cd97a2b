#include "controlplane/store/sql/text.h"

#include <fmt/format.h>

namespace cacheplane::store::sql {
namespace {

std::vector<std::string_view> AllColumns(const Table& table) {
  std::vector<std::string_view> all = table.key;
  all.insert(all.end(), table.columns.begin(), table.columns.end());
  return all;
}

// "a = $3" for each, numbered from `first`.
std::vector<std::string> Assignments(const std::vector<std::string_view>& columns, std::size_t first) {
  std::vector<std::string> assignments;
  for (const std::string_view column : columns) assignments.push_back(fmt::format("{} = ${}", column, first++));
  return assignments;
}

std::string Placeholders(std::size_t count) {
  std::vector<std::string> placeholders;
  for (std::size_t i = 1; i <= count; ++i) placeholders.push_back(fmt::format("${}", i));
  return fmt::format("{}", fmt::join(placeholders, ", "));
}

}  // namespace

std::string Insert(const Table& table) {
  const auto columns = AllColumns(table);
  return fmt::format("INSERT INTO {} ({}) VALUES ({})", table.name, fmt::join(columns, ", "),
                     Placeholders(columns.size()));
}

std::string Put(const Table& table) {
  std::vector<std::string> replaced;
  for (const std::string_view column : table.columns) replaced.push_back(fmt::format("{0} = excluded.{0}", column));
  return fmt::format("{} ON CONFLICT ({}) DO UPDATE SET {}", Insert(table), fmt::join(table.key, ", "),
                     fmt::join(replaced, ", "));
}

std::string Update(const Table& table) {
  return fmt::format("UPDATE {} SET {} WHERE {}", table.name,
                     fmt::join(Assignments(table.columns, table.key.size() + 1), ", "),
                     fmt::join(Assignments(table.key, 1), " AND "));
}

std::string Select(const Table& table) {
  return fmt::format("SELECT {} FROM {}", fmt::join(AllColumns(table), ", "), table.name);
}

}  // namespace cacheplane::store::sql
