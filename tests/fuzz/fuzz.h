// What the fuzzers share. Each has the one entry point of libFuzzer and can be linked with that instead of driver.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "controlplane/gateway/aws/wire/fault.h"
#include "controlplane/gateway/aws/wire/utf8.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace cacheplane::fuzz {

inline std::string_view TextOf(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Ends the process, which is how a fuzzer says that it has found something.
inline void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

// What every refusal of a request is, whatever was in it.
inline void RequireTellable(const gateway::aws::Fault& fault) {
  constexpr std::size_t kLongest = 4'000;  // bytes
  Require(fault.http >= 400 && fault.http < 500, "a bad request is the caller's fault");
  Require(!fault.code.empty() && !fault.message.empty(), "a refusal has a code and a message");
  Require(fault.message.size() <= kLongest, "a message is short whatever was sent");
}

}  // namespace cacheplane::fuzz
