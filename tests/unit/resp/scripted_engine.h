// A listener that answers its connections as it is told to, on an address of its own.
#pragma once

#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace cacheplane::resp {

class ScriptedEngine {
 public:
  // To the n-th command received, send replies[n], whatever it says; after the last one close. Commands are told apart
  // by their arrival: the client under test waits for each answer.
  // `before` is called with the number of each command before it is answered.
  explicit ScriptedEngine(std::vector<std::string> replies, std::function<void(std::size_t)> before = {});
  ~ScriptedEngine();

  const std::string& address() const { return address_; }
  int port() const { return port_; }

 private:
  void Serve(const std::vector<std::string>& replies, const std::function<void(std::size_t)>& before);
  // The peer that sent something; accepts whoever comes meanwhile. -1 once the listener was shut, or a peer has gone.
  int AwaitCommand(std::vector<int>& peers) const;

  std::string address_ = "127.22.200.1";
  int port_ = 0;
  int listener_ = -1;
  std::thread thread_;
};

}  // namespace cacheplane::resp
