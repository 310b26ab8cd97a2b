// A control group of a test's own, of the first version; removed with the test.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace cacheplane::agent {

class ControlGroup {
 public:
  explicit ControlGroup(const std::string& controller)
      : path_("/sys/fs/cgroup/" + controller + "/cacheplane-test-" + std::to_string(getpid())),
        parent_("/sys/fs/cgroup/" + controller) {
    std::error_code error;
    made_ = std::filesystem::exists(parent_ / "cgroup.procs") && std::filesystem::create_directory(path_, error);
  }
  ~ControlGroup() {
    // Nothing of the engines is in it any more, or it goes back where it came from.
    std::ifstream left(path_ / "cgroup.procs");
    for (std::string pid; left >> pid;) std::ofstream(parent_ / "cgroup.procs") << pid << std::endl;
    rmdir(path_.c_str());
  }
  ControlGroup(const ControlGroup&) = delete;
  ControlGroup& operator=(const ControlGroup&) = delete;

  // False where control groups of this version cannot be made.
  bool made() const { return made_; }
  bool Set(const std::string& file, const std::string& value) const {
    return static_cast<bool>(std::ofstream(path_ / file) << value << std::flush);
  }
  bool Add(pid_t pid) const { return Set("cgroup.procs", std::to_string(pid)); }

 private:
  const std::filesystem::path path_;
  const std::filesystem::path parent_;
  bool made_ = false;
};

}  // namespace cacheplane::agent
