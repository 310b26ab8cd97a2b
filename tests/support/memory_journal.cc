// Operations, events and remembered requests of the MemoryStore.
#include <algorithm>
#include <iterator>
#include <tuple>

#include "common/text.h"
#include "tests/support/memory_tables.h"

namespace cacheplane::test {
namespace {

bool Newer(const model::Operation& a, const model::Operation& b) {
  return std::tie(a.created, a.id) > std::tie(b.created, b.id);
}

bool Matches(const ports::EventFilter& filter, const model::Event& event) {
  return (filter.cluster.empty() || event.cluster == ToLower(filter.cluster)) &&
         (filter.source_type.empty() || event.source_type == filter.source_type) &&
         (filter.source.empty() || event.source == filter.source) &&
         (filter.before == 0 || event.sequence < filter.before) && (!filter.from || event.time >= *filter.from) &&
         (!filter.until || event.time < *filter.until);
}

}  // namespace

void MemoryJournal::PutOperation(const model::Operation& operation) {
  model::Operation row = operation;
  row.target = ToLower(operation.target);
  state_.Change(state_.operations).insert_or_assign(row.id, row);
}

std::optional<model::Operation> MemoryJournal::FindOperation(const model::OperationId& id) {
  return FindIn(*state_.operations, id);
}

std::vector<model::Operation> MemoryJournal::Operations(const std::string& target, const ports::PageRequest& page) {
  const auto after = FindOperation(model::OperationId(page.after));
  std::vector<model::Operation> rows;
  if (!page.after.empty() && !after) return rows;
  for (const auto& [id, operation] : *state_.operations) {
    const bool wanted = target.empty() || operation.target == ToLower(target);
    if (wanted && (!after || Newer(*after, operation))) rows.push_back(operation);
  }
  std::sort(rows.begin(), rows.end(), Newer);
  if (std::cmp_greater(rows.size(), page.limit)) rows.resize(static_cast<std::size_t>(std::max(page.limit, 0)));
  return rows;
}

int MemoryJournal::CountRolling(WallTime since) {
  return static_cast<int>(std::count_if(state_.clusters->begin(), state_.clusters->end(), [&](const auto& row) {
    const auto operation = FindOperation(row.second.operation);
    return operation && model::BegunAt(*operation) > since && model::IsRolling(*operation);
  }));
}

std::uint64_t MemoryJournal::AppendEvent(const model::Event& event) {
  auto row = std::make_shared<model::Event>(event);
  row->cluster = ToLower(event.cluster);
  row->sequence = state_.last_event + 1;
  state_.Change(state_.events).push_back(std::move(row));
  return ++state_.last_event;
}

std::vector<model::Event> MemoryJournal::Events(const ports::EventFilter& filter) {
  const auto first = std::upper_bound(state_.events->begin(), state_.events->end(), filter.after,
                                      [](std::uint64_t after, const auto& event) { return after < event->sequence; });
  std::vector<model::Event> found;
  const auto take = [&](const auto& event) {
    if (std::cmp_less(found.size(), filter.limit) && Matches(filter, *event)) found.push_back(*event);
  };
  if (filter.newest_first) {
    std::for_each(state_.events->rbegin(), std::make_reverse_iterator(first), take);
  } else {
    std::for_each(first, state_.events->end(), take);
  }
  return found;
}

void MemoryJournal::ForgetEventsBefore(WallTime time) {
  std::erase_if(state_.Change(state_.events), [&](const auto& event) { return event->time < time; });
}

void MemoryJournal::Remember(const ports::RememberedRequest& request) {
  ports::RememberedRequest row = request;
  row.cluster = ToLower(request.cluster);
  CP_CHECK(state_.Change(state_.requests).emplace(row.request_id, row).second);
}

std::optional<ports::RememberedRequest> MemoryJournal::Recall(const std::string& request_id) {
  return FindIn(*state_.requests, request_id);
}

void MemoryJournal::ForgetRequestsBefore(WallTime time) {
  std::erase_if(state_.Change(state_.requests), [&](const auto& row) { return row.second.time < time; });
}

}  // namespace cacheplane::test
