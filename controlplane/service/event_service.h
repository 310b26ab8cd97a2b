// EventService: the event log. Thread-safe. Waiting for the next event is the adapter's business (api/journal_hub.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.h"
#include "common/result.h"
#include "controlplane/model/operation.h"
#include "controlplane/ports/store.h"
#include "controlplane/service/paging.h"

namespace cacheplane::service {

struct ListEventsRequest {
  std::string cluster;      // empty: all
  std::string source_type;  // empty: all
  std::optional<WallTime> from;
  std::optional<WallTime> until;
  ListRequest page;
  std::string source{};  // as it was told; empty: all
  bool newest_first = false;
};

class EventService {
 public:
  explicit EventService(ports::Store& store) : store_(store) {}

  // kInvalidArgument for an unknown source type, times in the wrong order or a bad page.
  Result<Page<model::Event>> ListEvents(const ListEventsRequest& request) const;

  // The sequence behind which a watch starts; an empty token means the present. kInvalidArgument for a token that is
  // malformed, was never given, or is older than the events that are kept: what came after it could not be complete.
  Result<std::uint64_t> StartOf(const std::string& resume_token) const;
  // The events behind `sequence`, oldest first, at most `limit`; `cluster` empty means all.
  std::vector<model::Event> EventsAfter(std::uint64_t sequence, const std::string& cluster, int limit) const;

 private:
  ports::Store& store_;
};

// Opaque to clients; resumes right behind the event.
std::string ResumeToken(std::uint64_t sequence);

}  // namespace cacheplane::service
