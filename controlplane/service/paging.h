// Pages of a list: sizes and opaque tokens, the same for every List call.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/result.h"
#include "controlplane/ports/store.h"

namespace cacheplane::service {

inline constexpr int kLargestPage = 100;

struct ListRequest {
  int page_size = 0;       // 0 means kLargestPage, larger is coerced, negative is an error
  std::string page_token;  // from the answer before; empty: the first page
};

template <typename T>
struct Page {
  std::vector<T> items;
  std::string next_page_token;  // empty on the last page
};

// A token holds the key of the last row shown and is bound to `scope`: the list's name and its filters.
std::string PageToken(std::string_view scope, std::string_view last_key);

// kInvalidArgument for a negative size and for a token that this list never gave.
Result<ports::PageRequest> ReadListRequest(std::string_view scope, const ListRequest& request);

// What to ask of a table: one row more than is shown tells whether there is another page.
inline ports::PageRequest OneMore(ports::PageRequest page) { return {std::move(page.after), page.limit + 1}; }

// Cuts the row too many off and, if there was one, makes the token. `key_of` gives a row's key.
template <typename T, typename KeyOf>
Page<T> MakePage(std::vector<T> rows, const ports::PageRequest& page, std::string_view scope, KeyOf key_of) {
  const auto limit = static_cast<std::size_t>(page.limit);
  Page<T> result;
  if (rows.size() > limit) {
    rows.erase(rows.begin() + page.limit, rows.end());
    result.next_page_token = PageToken(scope, key_of(rows.back()));
  }
  result.items = std::move(rows);
  return result;
}

}  // namespace cacheplane::service
