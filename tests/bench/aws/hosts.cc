// Hosts without engines, for benchmarks of the control plane: agents and a router that dial cacheplaned, do at once as
// they are told, and say once a second that nothing happened, as real ones do.
//
//   bench_hosts CONTROL_PLANE TOKEN_FILE AGENTS_PER_ZONE ENGINE=VERSION ZONE …
//
// Runs until its standard input ends. Exit status 1 when a session ends before.
#include <fmt/format.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "cacheplane/agent/v1/agent.grpc.pb.h"
#include "cacheplane/agent/v1/router.grpc.pb.h"
#include "common/file.h"
#include "common/text.h"
#include "tests/bench/aws/engines.h"

namespace cacheplane::bench {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kMemoryOfAHost = std::int64_t{2} << 40;
constexpr milliseconds kLeaseEvery{250};
constexpr std::uint64_t kLeasesPerBeat = 4;
constexpr std::uint64_t kSecondsBetweenPings = 10;

std::atomic<bool> ending = false;

[[noreturn]] void Fail(const std::string& why) {
  fmt::print(stderr, "bench_hosts: {}\n", why);
  std::_Exit(1);
}

std::shared_ptr<grpc::Channel> Dial(const std::string& target) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a connection of its own, as every host has
  return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
}

struct Place {
  std::string control_plane;
  std::string token;
};

class Agent;
using Agents = std::map<std::string, std::unique_ptr<Agent>>;

class Agent {
 public:
  Agent(const Place& place, agent::v1::Hello hello, Engines& engines, const Agents& all)
      : name_(hello.agent()),
        engines_(engines),
        all_(all),
        stub_(agent::v1::AgentService::NewStub(Dial(place.control_plane))) {
    context_.AddMetadata("authorization", "Bearer " + place.token);
    stream_ = stub_->Session(&context_);
    agent::v1::SessionRequest request;
    *request.mutable_hello() = std::move(hello);
    Send(request);
    SayAll();
  }
  ~Agent() {
    context_.TryCancel();
    if (reader_.joinable()) reader_.join();
  }

  // Once all agents are there.
  void Start() {
    reader_ = std::thread([this] { Listen(); });
  }

  void SayAll() {
    const std::scoped_lock lock(saying_);
    agent::v1::SessionRequest request;
    *request.mutable_facts() = engines_.Whole(name_);
    Send(request);
  }

  void SayNews() {
    const std::scoped_lock lock(saying_);
    agent::v1::SessionRequest request;
    *request.mutable_facts() = engines_.Changed(name_);
    Send(request);
  }

  void AskForLeases(std::uint64_t sequence) {
    const std::scoped_lock lock(saying_);
    agent::v1::SessionRequest request;
    request.mutable_lease_request()->set_sequence(sequence);
    Send(request);
  }

 private:
  void Send(const agent::v1::SessionRequest& request) {
    if (!stream_->Write(request) && !ending) Fail(name_ + ": the control plane hung up");
  }

  void Listen() {
    agent::v1::SessionResponse response;
    while (stream_->Read(&response)) {
      if (!response.has_assignments()) continue;
      const std::set<std::string> others = engines_.Carry(name_, response.assignments());
      SayNews();
      for (const std::string& other : others) all_.at(other)->SayNews();
    }
    const grpc::Status status = stream_->Finish();
    if (!ending) Fail(fmt::format("{}: the session ended: {}", name_, status.error_message()));
  }

  const std::string name_;
  Engines& engines_;
  const Agents& all_;
  std::unique_ptr<agent::v1::AgentService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<agent::v1::SessionRequest, agent::v1::SessionResponse>> stream_;
  std::mutex saying_;  // what is said is in the order in which it became so
  std::thread reader_;
};

class Router {
 public:
  explicit Router(const Place& place) : stub_(agent::v1::RouterService::NewStub(Dial(place.control_plane))) {
    context_.AddMetadata("authorization", "Bearer " + place.token);
    stream_ = stub_->RouterSession(&context_);
    Say();
    reader_ = std::thread([this] { Listen(); });
  }
  ~Router() {
    context_.TryCancel();
    reader_.join();
  }

  void Say() {
    const std::scoped_lock lock(saying_);
    agent::v1::RouterSessionRequest request;
    request.set_router("router-without-kernel");
    request.set_data_path("proxy");
    request.set_map_version(served_);
    if (!stream_->Write(request) && !ending) Fail("router: the control plane hung up");
  }

 private:
  void Listen() {
    agent::v1::RouterSessionResponse response;
    while (stream_->Read(&response)) {
      served_ = response.map().version();
      Say();
    }
    const grpc::Status status = stream_->Finish();
    if (!ending) Fail("router: the session ended: " + status.error_message());
  }

  std::unique_ptr<agent::v1::RouterService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<agent::v1::RouterSessionRequest, agent::v1::RouterSessionResponse>> stream_;
  std::mutex saying_;
  std::atomic<std::uint64_t> served_ = 0;
  std::thread reader_;
};

agent::v1::Hello HelloOf(const std::string& zone, int number, const std::string& engine, const std::string& version) {
  agent::v1::Hello hello;
  hello.set_agent(fmt::format("agent-{}-{:02}", zone, number));
  hello.set_zone(zone);
  hello.set_memory_bytes(kMemoryOfAHost);
  agent::v1::Image* image = hello.add_images();
  image->set_engine(engine);
  image->set_version(version);
  hello.set_version(CACHEPLANE_VERSION);
  hello.set_fence("kernel");
  return hello;
}

// Every agent in its own moment of the second, as agents that were started one after the other.
void Beat(const Agents& agents, Router& router, Engines& engines) {
  std::uint64_t turn = 0;
  auto next = std::chrono::steady_clock::now();
  while (!ending) {
    ++turn;
    std::uint64_t number = 0;
    for (const auto& [name, agent] : agents) {
      agent->AskForLeases(turn);
      if ((turn + number++) % kLeasesPerBeat == 0) agent->SayAll();
    }
    if (turn % kLeasesPerBeat == 0) {
      router.Say();
      engines.Tick(turn / kLeasesPerBeat, kSecondsBetweenPings);
    }
    next += kLeaseEvery;
    std::this_thread::sleep_until(next);
  }
}

int Main(const std::vector<std::string>& words) {
  const auto equals = words.size() < 6 ? std::string::npos : words[4].find('=');
  const auto per_zone = words.size() < 6 ? std::nullopt : ParseInt(words[3]);
  if (equals == std::string::npos || !per_zone) {
    fmt::print(stderr, "usage: bench_hosts CONTROL_PLANE TOKEN_FILE AGENTS_PER_ZONE ENGINE=VERSION ZONE …\n");
    return 2;
  }
  const Result<std::string> token = ReadFile(words[2]);
  if (!token.ok()) Fail(token.error().message);
  const Place place{words[1], std::string(Trim(*token))};
  Engines engines;
  Agents agents;
  for (std::size_t zone = 5; zone < words.size(); ++zone) {
    for (int number = 0; number < *per_zone; ++number) {
      const auto hello = HelloOf(words[zone], number, words[4].substr(0, equals), words[4].substr(equals + 1));
      agents.emplace(hello.agent(), std::make_unique<Agent>(place, hello, engines, agents));
    }
  }
  for (const auto& [name, agent] : agents) agent->Start();
  Router router(place);
  std::thread beats([&] { Beat(agents, router, engines); });
  fmt::print("{} hosts without engines\n", agents.size());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  ending = true;
  beats.join();
  return 0;
}

}  // namespace
}  // namespace cacheplane::bench

int main(int argc, char** argv) { return cacheplane::bench::Main({argv, argv + argc}); }
