// Pages of an answer: MaxRecords and Marker, as every Describe operation has them.
#pragma once

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <variant>

#include "common/result.h"
#include "controlplane/gateway/aws/call.h"
#include "controlplane/service/paging.h"

namespace cacheplane::gateway::aws {

// MaxRecords (1 to 100, default 100) and Marker of `input`; InvalidParameterValue for another number.
std::variant<service::ListRequest, Fault> PageOf(const Json& input);

// Absent on the last page: clients stop there.
void PutMarker(Json& result, const std::string& next_token);

// What `list` has for the page of `call`, as an array in `member`. `list` takes a service::ListRequest and gives a
// Result<service::Page<Row>>, `show` makes JSON of a row, and `refuse` a Fault of an Error.
template <typename List, typename Show, typename Refuse>
Answer AnswerPage(const Call& call, const char* member, List list, Show show, Refuse refuse) {
  const auto request = PageOf(call.input);
  if (const Fault* fault = std::get_if<Fault>(&request)) return *fault;
  const auto page = list(std::get<service::ListRequest>(request));
  if (!page.ok()) return refuse(page.error());
  Json result;
  result[member] = Json::array();
  for (const auto& row : page->items) result[member].push_back(show(row));
  PutMarker(result, page->next_page_token);
  return result;
}

// The rows that `keep` wants, as many as the page has room for: the list behind `list` cannot filter by that itself.
// The page that is the last one may be empty.
template <typename Row, typename List, typename Keep>
Result<service::Page<Row>> FilteredPage(service::ListRequest request, List list, Keep keep) {
  const auto room = static_cast<std::size_t>(request.page_size == 0 ? service::kLargestPage : request.page_size);
  service::Page<Row> kept;
  do {
    request.page_size = static_cast<int>(room - kept.items.size());
    CP_ASSIGN_OR_RETURN(service::Page<Row> page, list(request));
    std::copy_if(std::make_move_iterator(page.items.begin()), std::make_move_iterator(page.items.end()),
                 std::back_inserter(kept.items), keep);
    request.page_token = kept.next_page_token = std::move(page.next_page_token);
  } while (!request.page_token.empty() && kept.items.size() < room);
  return kept;
}

}  // namespace cacheplane::gateway::aws
