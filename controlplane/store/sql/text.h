// The statements every table needs, written once. Parameters are the columns in the table's order, key first.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cacheplane::store::sql {

struct Table {
  std::string_view name;
  std::vector<std::string_view> key;
  std::vector<std::string_view> columns;  // the others
};

std::string Insert(const Table& table);  // INSERT INTO t (k, c) VALUES ($1, $2)
std::string Put(const Table& table);     // … ON CONFLICT (k) DO UPDATE SET c = excluded.c
std::string Update(const Table& table);  // UPDATE t SET c = $2 WHERE k = $1
std::string Select(const Table& table);  // SELECT k, c FROM t

}  // namespace cacheplane::store::sql
