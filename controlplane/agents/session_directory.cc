#include "controlplane/agents/session_directory.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "common/log.h"

namespace cacheplane::agents {
namespace {

constexpr const char* kNotConnected = "it is not connected";

}  // namespace

SessionDirectory::SessionDirectory(const Clock& clock)
    : last_revision_(static_cast<std::uint64_t>(ToUnixMillis(clock.Now()))) {}

void SessionDirectory::Assign(const model::AgentName& agent, const std::vector<model::Assignment>& assignments) {
  std::vector<model::Assignment> sorted = SortedByIncarnation(assignments);
  std::shared_ptr<AgentLink> link;
  std::shared_ptr<const AssignmentTarget> target;
  {
    std::scoped_lock lock(mutex_);
    AgentEntry& entry = agents_[agent];
    if (entry.target != nullptr && entry.target->assignments == sorted) return;
    entry.target = std::make_shared<const AssignmentTarget>(AssignmentTarget{++last_revision_, std::move(sorted)});
    link = entry.link;
    target = entry.target;
  }
  if (link != nullptr) link->Offer(std::move(target));
}

void SessionDirectory::Publish(const model::EndpointMap& map) {
  std::vector<std::shared_ptr<RouterLink>> links;
  const auto newest = std::make_shared<const model::EndpointMap>(map);
  {
    std::scoped_lock lock(mutex_);
    if (map.version <= (map_ == nullptr ? 0 : map_->version)) {
      if (map_ != nullptr && *map_ != map) {
        log::Warn("endpoint map {} dropped: {} is already published", map.version, map_->version);
      }
      return;
    }
    map_ = newest;
    for (const auto& [name, entry] : routers_) {
      if (entry.link != nullptr) links.push_back(entry.link);
    }
  }
  for (const auto& link : links) link->Offer(newest);
}

void SessionDirectory::Send(const model::AgentName& agent, const ports::Fault& fault,
                            std::function<void(Status)> answered) {
  const std::shared_ptr<AgentLink> link = LinkOf(agent);
  if (link == nullptr) return answered(Unavailable(kNotConnected));
  link->Order(fault, std::move(answered));
}

void SessionDirectory::Try(const model::AgentName& agent, const ports::Trial& trial,
                           std::function<void(Status)> answered) {
  const std::shared_ptr<AgentLink> link = LinkOf(agent);
  if (link == nullptr) return answered(Unavailable(kNotConnected));
  link->Order(trial, std::move(answered));
}

std::shared_ptr<AgentLink> SessionDirectory::LinkOf(const model::AgentName& agent) {
  std::scoped_lock lock(mutex_);
  const auto found = agents_.find(agent);
  return found == agents_.end() ? nullptr : found->second.link;
}

SessionId SessionDirectory::Attach(const model::AgentName& agent, std::shared_ptr<AgentLink> link) {
  std::shared_ptr<AgentLink> older;
  std::shared_ptr<const AssignmentTarget> target;
  SessionId session = 0;
  {
    std::scoped_lock lock(mutex_);
    AgentEntry& entry = agents_[agent];
    older = std::exchange(entry.link, link);
    session = entry.session = ++last_session_;
    target = entry.target;
  }
  if (older != nullptr) older->End(Aborted(fmt::format("a newer session of agent {} replaced this one", agent)));
  if (target != nullptr) link->Offer(std::move(target));
  return session;
}

SessionId SessionDirectory::AttachRouter(const std::string& router, std::shared_ptr<RouterLink> link) {
  std::shared_ptr<RouterLink> older;
  std::shared_ptr<const model::EndpointMap> map;
  SessionId session = 0;
  {
    std::scoped_lock lock(mutex_);
    RouterEntry& entry = routers_[router];
    older = std::exchange(entry.link, link);
    session = entry.session = ++last_session_;
    map = map_;
  }
  if (older != nullptr) older->End(Aborted(fmt::format("a newer session of router {} replaced this one", router)));
  if (map != nullptr) link->Offer(std::move(map));
  return session;
}

void SessionDirectory::Detach(const model::AgentName& agent, SessionId session) {
  std::scoped_lock lock(mutex_);
  const auto found = agents_.find(agent);
  if (found != agents_.end() && found->second.session == session) found->second.link = nullptr;
}

void SessionDirectory::DetachRouter(const std::string& router, SessionId session) {
  std::scoped_lock lock(mutex_);
  const auto found = routers_.find(router);
  if (found != routers_.end() && found->second.session == session) routers_.erase(found);
}

}  // namespace cacheplane::agents
