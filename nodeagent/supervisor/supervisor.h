// All node incarnations of this host: those that assignments name, and those that only the disk knows.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "nodeagent/decide/assignment_set.h"
#include "nodeagent/decide/facts.h"
#include "nodeagent/supervisor/event_loop.h"
#include "nodeagent/supervisor/home.h"
#include "nodeagent/supervisor/node.h"

namespace cacheplane::agent {

class Supervisor {
 public:
  struct Options {
    std::filesystem::path images{};
    std::filesystem::path launcher{};
    std::uint32_t uid_base = 0;  // 0: engines run as the agent's user
    OpenHooks hooks{};
  };

  // `home` is locked. `changed` is called, once per round of the loop, when facts may have changed.
  Supervisor(EventLoop& loop, Home& home, const Options& options, std::function<void()> changed);

  // Takes over what runs. Call once, before the two below.
  void Load();
  // Goes on with the assignments on disk.
  void Resume();
  // Writes the update down, then carries it out. The disk has it for good a moment later: a host that crashes in
  // between forgets messages, all of them at worst, as if they had been lost, and has no process left that had acted on
  // them.
  void Apply(const AssignmentUpdate& update);

  Facts CurrentFacts() const;
  // Those of nodes whose facts may have changed since this was last asked: on a host of many nodes one of them always
  // has news.
  Facts TakeChangedFacts();
  // Something that others keep of that incarnation has changed its facts.
  void TellOf(const std::string& incarnation);
  std::vector<OpenPrimary> OpenPrimaries() const;
  // An engine that listens there lives, and has not said that it is a replica.
  bool MayBeOpen(const Address& address) const;
  // The live process of the engine that listens there.
  std::optional<ProcessId> ProcessAt(const Address& address) const;
  // nullopt: that incarnation has no process that lives.
  std::optional<ProcessId> ProcessOf(const std::string& incarnation) const;
  // Where engines of assignments listen, or will.
  std::vector<Address> EngineAddresses() const;
  // decide/lease.h; nothing when no assignment names the incarnation either.
  std::optional<std::uint64_t> PromisingEpochOf(const std::string& incarnation) const;

  // Stops every engine with its data saved, whatever the assignments say; they stay on disk as they are. `close_first`:
  // an open one becomes a replica of nobody before it saves, for it takes no writes then, however long that lasts.
  void HoldEverything(bool close_first);
  // A process that HoldEverything will end: not one of a node whose state cannot be read.
  bool AnyProcess() const;
  // Nodes that still run, or whose stop left no saved data of their last epoch, and where they listened.
  std::vector<std::pair<std::string, Address>> NotStoppedCleanly() const;

 private:
  using NodeKey = std::pair<std::string, std::string>;  // name, incarnation

  Node& NodeOf(const std::string& node, const std::string& incarnation);
  void AssignAll();
  void SaveSoon();
  Facts NoFacts() const;
  void OnNodeChanged(const Node& node);
  void OnChanged();
  bool SiblingAlive(const Node& node) const;

  EventLoop& loop_;
  Home& home_;
  std::function<void()> changed_;
  NodeContext context_;
  AssignmentSet set_;
  bool needs_whole_set_ = false;
  bool announced_ = false;
  bool save_due_ = false;
  std::map<NodeKey, std::unique_ptr<Node>> nodes_;
  std::set<NodeKey> changed_nodes_;
  std::map<NodeKey, Address> held_;
};

}  // namespace cacheplane::agent
