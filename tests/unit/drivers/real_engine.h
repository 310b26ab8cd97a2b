// Real engine processes for tests: one image, one configuration, one address and directory of its own.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "cache-engine/drivers/engine_config.h"
#include "cache-engine/drivers/replication_info.h"
#include "cache-engine/resp/client.h"

namespace cacheplane::engine {

inline constexpr std::chrono::milliseconds kAnswerTime{5000};

struct TestImage {
  std::string engine;
  std::string full_version;
  std::filesystem::path server;
};

// For the names and messages of parameterised tests: "valkey_8_0_1".
std::string TestName(const TestImage& image);
void PrintTo(const TestImage& image, std::ostream* out);

// Where deploy/engine-image puts images, and those found there whose version is in the catalogue.
std::filesystem::path ImagesRoot();
std::vector<TestImage> TestImages();

// A request for this image: an address of this test process's own (host 1 to 250), 64 MiB, no parameters.
ConfigRequest RequestFor(const TestImage& image, int host);

// A running engine, started as users of an image start it: the configuration on standard input, LC_ALL=C, without
// privileges when the test has them. Killed and removed by the destructor.
class RealEngine {
 public:
  RealEngine(const TestImage& image, const ConfigRequest& request);
  ~RealEngine();
  RealEngine(const RealEngine&) = delete;

  // False when it has exited instead of listening; its log says why.
  bool Listens();
  std::string Log() const;
  pid_t pid() const { return pid_; }

  // One command as anybody, or as the internal user. Failures of the connection show as an error value.
  resp::Value Anybody(const std::vector<std::string>& command);
  resp::Value Internal(const std::vector<std::string>& command);

  // INFO of the internal user.
  EngineInfo Info();

 private:
  void Start(const TestImage& image, const std::string& config);
  resp::Client* Connected(std::unique_ptr<resp::Client>& client, bool internal);

  ConfigRequest request_;
  std::filesystem::path directory_;
  pid_t pid_ = -1;
  std::unique_ptr<resp::Client> anybody_;
  std::unique_ptr<resp::Client> internal_;
};

// Looks again until it holds or 10 s have passed.
bool Eventually(const std::function<bool()>& condition);

}  // namespace cacheplane::engine
