// The real cacheplane-agent as a child of the test, with a home of its own that is cleaned up with every process in it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace cacheplane::agent {

class AgentProgram {
 public:
  explicit AgentProgram(std::string control_plane);
  ~AgentProgram();
  AgentProgram(const AgentProgram&) = delete;
  AgentProgram& operator=(const AgentProgram&) = delete;

  void Start();
  // Sends the signal and reaps: the exit status, or -signal.
  int Stop(int signal);
  // Runs it with --drain: its exit status.
  int Drain();

  const std::filesystem::path& home() const { return home_; }
  std::filesystem::path NodeFile(const std::string& node, const std::string& below) const;
  // Processes whose working directory is below the home.
  std::vector<pid_t> Engines() const;
  // Of these, those that no other of them has forked: a full synchronisation may be saved by a child.
  std::vector<pid_t> EnginesWithoutChildren() const;

 private:
  pid_t Spawn(const std::vector<std::string>& arguments) const;

  std::string control_plane_;
  std::filesystem::path home_;
  pid_t pid_ = 0;
};

}  // namespace cacheplane::agent
