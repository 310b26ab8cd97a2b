// The agent's directory:
//
//   <home>/agent.lock                                  held by the one agent (or drain) that uses it
//   <home>/assignments.json                            assignment_file.h
//   <home>/paused/                                     pauses.h
//   <home>/trial/                                      trials.h
//   <home>/nodes/<node>/engine.pid                     of the incarnation whose engine runs (fixed outside shape)
//   <home>/nodes/<node>/<incarnation>/state.json       saved_state.h
//                                    /process.json     the process last started (saved_state.h)
//                                    /launch.json      cache-engine/launcher/spec.h
//                                    /engine.log       /data/dump.rdb
//                                    /kept.rdb         the newest dump with data that was set aside
//
// Names are checked (decide/names.h) before they get here.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/result.h"
#include "nodeagent/decide/facts.h"
#include "nodeagent/supervisor/saved_state.h"

namespace cacheplane::agent {

// Now, by the clock that dates files, in ms since 1970: it lags the others by up to a tick.
std::int64_t FileTime();

// Files of one incarnation, and what is done with them.
class NodeDirectory {
 public:
  NodeDirectory(std::filesystem::path node_directory, const std::string& incarnation);

  std::filesystem::path path() const { return path_; }
  std::filesystem::path data() const { return path_ / "data"; }
  std::filesystem::path launch() const { return path_ / "launch.json"; }
  std::filesystem::path log() const { return path_ / "engine.log"; }
  std::filesystem::path dump() const { return data() / "dump.rdb"; }
  std::filesystem::path kept() const { return path_ / "kept.rdb"; }
  bool Exists() const;

  // Makes the directories, durably. The data directory becomes the engine's by the launcher.
  Status Create() const;
  // kNotFound when there is none: nothing was ever started here.
  Result<SavedState> Load() const;
  // Durable when it returns.
  Status Save(const SavedState& state) const;
  // pid 0: none is known. There may be one all the same, spawned just before a crash: it is found by its directory.
  ProcessId LoadProcess() const;
  // The two below survive the agent's death and not a power cut, which no process that they describe outlives either.
  Status Note(const ProcessId& process) const;
  Status WriteLaunch(const std::string& json) const;

  Status WritePidFile(pid_t pid) const;
  // Forgets the process that was noted. The pid file goes only when it is this pid's: a newer incarnation may have
  // written it since.
  void RemovePidFile(pid_t pid) const;

  // The dump, or if no data are in that the one set aside: it is older. Nothing when neither has any.
  std::optional<SavedData> Saved() const;
  // No process finds what an earlier one saved; durable when it returns. One without data goes.
  Status SetDumpAside() const;
  // What Saved() says is the dump; durable when it returns.
  Status TakeDumpBack() const;
  // Once the dump is all there is to know.
  Status RemoveKept() const;
  // Makes a dump durable that was written at `since_ms` (FileTime) or later. kNotFound when there is none.
  Status SyncDump(std::int64_t since_ms) const;
  // Last line of the engine's log that says something; "" when there is none.
  std::string LastLogLine() const;
  // The incarnation's directory and nothing else; the node's own when that was the last.
  Status Erase() const;

 private:
  std::filesystem::path process() const { return path_ / "process.json"; }
  std::filesystem::path pid_file() const { return node_directory_ / "engine.pid"; }

  std::filesystem::path node_directory_;
  std::filesystem::path path_;
};

class Home {
 public:
  explicit Home(std::filesystem::path root) : root_(std::move(root)) {}
  ~Home();
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;

  // Makes the directory and takes its lock until this object ends. kFailedPrecondition when another process has it.
  Status Lock();

  std::filesystem::path assignments() const { return root_ / "assignments.json"; }
  std::filesystem::path paused() const { return root_ / "paused"; }
  std::filesystem::path trial() const { return root_ / "trial"; }
  NodeDirectory DirectoryOf(const std::string& node, const std::string& incarnation) const;
  // (node, incarnation) of every directory there is, sorted.
  std::vector<std::pair<std::string, std::string>> List() const;
  // The lowest from `base` that no incarnation with a directory has, and that is not set aside.
  std::uint32_t FreeUid(std::uint32_t base) const;
  // No incarnation gets that one as long as this object lives.
  void SetAside(std::uint32_t uid) { set_aside_.insert(uid); }

 private:
  std::filesystem::path root_;
  int lock_ = -1;
  std::set<std::uint32_t> set_aside_;
};

}  // namespace cacheplane::agent
