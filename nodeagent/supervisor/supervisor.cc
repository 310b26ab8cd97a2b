#include "nodeagent/supervisor/supervisor.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "common/log.h"
#include "nodeagent/decide/lease.h"
#include "nodeagent/supervisor/assignment_file.h"

namespace cacheplane::agent {
namespace {

// Long enough for a change of primary to come first, which waits for every sync.
constexpr std::chrono::milliseconds kSaveWithin{100};

}  // namespace

Supervisor::Supervisor(EventLoop& loop, Home& home, const Options& options, std::function<void()> changed)
    : loop_(loop),
      home_(home),
      changed_(std::move(changed)),
      context_{.loop = loop,
               .home = home,
               .images = options.images,
               .launcher = options.launcher,
               .uid_base = options.uid_base,
               .changed = [this](const Node& node) { OnNodeChanged(node); },
               .sibling_alive = [this](const Node& node) { return SiblingAlive(node); },
               .hooks = options.hooks} {}

void Supervisor::Load() {
  for (const auto& [node, incarnation] : home_.List()) NodeOf(node, incarnation);
}

void Supervisor::Resume() {
  auto set = LoadAssignments(home_.assignments());
  if (!set.ok()) {
    log::Error("assignments are lost, asking for all: {}", set.error().message);
    needs_whole_set_ = true;
    return;
  }
  set_ = std::move(*set);
  AssignAll();
  SaveSoon();
}

void Supervisor::Apply(const AssignmentUpdate& update) {
  MergeResult result = Merge(set_, update);
  auto* merged = std::get_if<Merged>(&result);
  needs_whole_set_ = merged == nullptr;
  if (merged == nullptr) {
    log::Warn("assignments {} are a change to {}, not to {}", update.revision, update.base_revision, set_.revision);
    return OnChanged();
  }
  for (const std::string& refused : merged->refused) log::Error("{}", refused);
  set_ = std::move(merged->set);
  AssignAll();
  OnChanged();
  // After it: clients wait for a change of primary. Whatever was carried out has its epoch on disk, and the next agent
  // refuses what is older.
  if (const Status placed = PlaceAssignments(home_.assignments(), set_); !placed.ok()) {
    log::Error("assignments {} are not on disk: {}", set_.revision, placed.error().message);
  }
  SaveSoon();
}

void Supervisor::SaveSoon() {
  if (std::exchange(save_due_, true)) return;
  loop_.At(loop_.now() + kSaveWithin, [this] {
    save_due_ = false;
    const Status saved = SaveAssignments(home_.assignments(), set_);
    if (saved.ok()) return;
    log::Error("assignments {} are not on disk: {}", set_.revision, saved.error().message);
    SaveSoon();
  });
}

void Supervisor::AssignAll() {
  for (const auto& [incarnation, assignment] : set_.assignments) {
    NodeOf(assignment.node, incarnation).Assign(assignment);
  }
  for (auto node = nodes_.begin(); node != nodes_.end();) {
    const auto wish = set_.assignments.find(node->second->incarnation());
    const bool assigned = wish != set_.assignments.end() && wish->second.node == node->second->name();
    if (!assigned) node->second->Assign(std::nullopt);
    node = node->second->Forgettable() ? nodes_.erase(node) : std::next(node);
  }
}

Node& Supervisor::NodeOf(const std::string& node, const std::string& incarnation) {
  auto& known = nodes_[{node, incarnation}];
  if (!known) {
    known = std::make_unique<Node>(context_, node, incarnation);
    known->Load();
  }
  return *known;
}

Facts Supervisor::NoFacts() const { return {.revision = set_.revision, .needs_whole_set = needs_whole_set_}; }

Facts Supervisor::CurrentFacts() const {
  Facts facts = NoFacts();
  for (const auto& [key, node] : nodes_) {
    if (!node->Unasked()) facts.nodes.push_back(node->Fact());
  }
  return facts;
}

Facts Supervisor::TakeChangedFacts() {
  Facts facts = NoFacts();
  for (const NodeKey& key : std::exchange(changed_nodes_, {})) {
    const auto node = nodes_.find(key);
    if (node != nodes_.end() && !node->second->Unasked()) facts.nodes.push_back(node->second->Fact());
  }
  return facts;
}

void Supervisor::TellOf(const std::string& incarnation) {
  const auto assigned = set_.assignments.find(incarnation);
  if (assigned == set_.assignments.end()) return;
  changed_nodes_.emplace(assigned->second.node, incarnation);
  OnChanged();
}

std::vector<OpenPrimary> Supervisor::OpenPrimaries() const {
  std::vector<OpenPrimary> open;
  for (const auto& [key, node] : nodes_) {
    if (auto primary = node->AsOpenPrimary()) open.push_back(std::move(*primary));
  }
  return open;
}

bool Supervisor::MayBeOpen(const Address& address) const {
  return std::any_of(nodes_.begin(), nodes_.end(),
                     [&](const auto& entry) { return entry.second->MayBeOpenAt(address); });
}

std::optional<ProcessId> Supervisor::ProcessAt(const Address& address) const {
  for (const auto& [key, node] : nodes_) {
    const Engine* engine = node->engine();
    const bool lives = engine != nullptr && engine->stage() == ProcessStage::kAlive;
    if (lives && engine->address() == address) return engine->process();
  }
  return std::nullopt;
}

std::optional<ProcessId> Supervisor::ProcessOf(const std::string& incarnation) const {
  for (const auto& [key, node] : nodes_) {
    if (key.second == incarnation && node->HasProcess()) return node->engine()->process();
  }
  return std::nullopt;
}

std::vector<Address> Supervisor::EngineAddresses() const {
  std::vector<Address> addresses;
  for (const auto& [incarnation, assignment] : set_.assignments) addresses.push_back(assignment.listen);
  return addresses;
}

std::optional<std::uint64_t> Supervisor::PromisingEpochOf(const std::string& incarnation) const {
  const auto found = set_.assignments.find(incarnation);
  if (found == set_.assignments.end()) return std::nullopt;
  return PromisingEpoch(found->second);
}

void Supervisor::OnNodeChanged(const Node& node) {
  changed_nodes_.emplace(node.name(), node.incarnation());
  OnChanged();
}

void Supervisor::OnChanged() {
  if (std::exchange(announced_, true)) return;
  loop_.Defer([this] {
    announced_ = false;
    changed_();
  });
}

bool Supervisor::SiblingAlive(const Node& node) const {
  return std::any_of(nodes_.begin(), nodes_.end(), [&node](const auto& entry) {
    const Node* other = entry.second.get();
    return other != nullptr && other != &node && other->name() == node.name() && other->HasProcess();
  });
}

void Supervisor::HoldEverything(bool close_first) {
  for (const auto& [key, node] : nodes_) {
    if (!node->HasProcess()) continue;
    Assignment hold{.node = node->name(), .incarnation = node->incarnation(), .intent = Intent::kHold};
    hold.epoch = node->epoch();
    hold.listen = held_[key] = node->engine()->address();
    hold.close_first = close_first;
    node->Assign(hold);
  }
}

bool Supervisor::AnyProcess() const {
  return std::any_of(nodes_.begin(), nodes_.end(),
                     [](const auto& entry) { return entry.second->HasProcess() && !entry.second->Broken(); });
}

std::vector<std::pair<std::string, Address>> Supervisor::NotStoppedCleanly() const {
  std::vector<std::pair<std::string, Address>> unsaved;
  for (const auto& [key, address] : held_) {
    if (!nodes_.at(key)->StoppedCleanly()) unsaved.emplace_back(key.first, address);
  }
  return unsaved;
}

}  // namespace cacheplane::agent
