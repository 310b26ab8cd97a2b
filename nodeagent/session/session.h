// The agent's stream to the control plane: dialled, kept, and dialled again for as long as the agent lives. All of it
// is used on the loop's thread; gRPC's threads only post to the loop and return. Nothing of gRPC shows here.
//
//   closed ──dial──► open: hello, then one message under way at a time ──lost──► closed (pause 50 ms to 1 s, jittered)
//
// Held, it stays closed once it is.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "nodeagent/decide/assignment.h"
#include "nodeagent/decide/drill.h"
#include "nodeagent/decide/facts.h"
#include "nodeagent/decide/lease.h"
#include "nodeagent/decide/trial.h"
#include "nodeagent/session/loop_door.h"

namespace cacheplane::agent {

struct HelloImage {
  std::string engine;
  std::string version{};
};

struct Hello {
  std::string agent{};
  std::string zone{};
  std::int64_t memory_bytes = 0;
  std::vector<HelloImage> images{};
  std::string version{};
  std::string fence{"none"};   // "kernel", "guard" or "none"
  std::string peer_address{};  // "address:port" (UDP); empty: no promises can be asked here
};

class Session {
 public:
  struct Options {
    std::string control_plane;         // "host:port"
    std::filesystem::path token_file;  // read anew for every dial
  };
  struct Handlers {
    std::function<Hello()> hello;    // for every dial
    std::function<void()> opened;    // hello is sent: the next message is due
    std::function<void()> writable;  // a message is sent: the next may go
    // Before the assignments of the same message.
    std::function<void(const LeaseGrant&)> lease;
    std::function<void(const Drill&)> drill;
    std::function<void(const Trial&)> trial;
    std::function<void(const AssignmentUpdate&)> assignments;
  };

  Session(LoopDoor loop, Options options, Handlers handlers);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void Start();
  // Ends the stream and dials no more; `closed` once gRPC is through with it.
  void Close(std::function<void()> closed);

  // A message can be sent now.
  bool Writable() const;
  void Send(const Facts& facts);
  void AskForLeases(std::uint64_t sequence);

  // As soon as a message can be sent; never, when the session has ended by then. `problem`: "" for none.
  void AnswerDrill(std::uint64_t id, const std::string& problem);
  void AnswerTrial(std::uint64_t id, const Verdict& verdict);
  // Dials nobody until Release.
  void Hold();
  void Release();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cacheplane::agent
