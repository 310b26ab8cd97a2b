// What an agent and the guard of its home say to each other: one packet each way. Both are processes of one host, so
// that sizes and byte order are the machine's.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace cacheplane::guard {

inline constexpr std::uint32_t kVersion = 1;
inline constexpr std::size_t kMostEntries = 1024;

enum class Word : std::uint32_t {
  kList = 1,     // the answer has everything that is guarded
  kGuard = 2,    // all entries or, with an error, perhaps some; a process that is gone already is as good as guarded
  kUnguard = 3,  // by address, whatever process is meant
};

struct Entry {
  std::array<char, 24> address{};  // "127.20.0.5:6379", and a zero
  std::int64_t pid = 0;
  std::uint64_t start_time = 0;
  std::int64_t end = 0;  // of the lease: BootClock, milliseconds
};

struct Packet {
  std::uint32_t version = kVersion;
  Word word = Word::kList;
  std::int32_t error = 0;  // of an answer: an errno
  std::uint32_t count = 0;
  std::array<Entry, kMostEntries> entries{};

  // Bytes that are sent.
  std::size_t size() const { return offsetof(Packet, entries) + count * sizeof(Entry); }
  // Whether that many bytes were a whole packet of this version.
  bool IsWhole(std::size_t received) const {
    return received >= offsetof(Packet, entries) && version == kVersion && count <= kMostEntries && received == size();
  }
};

}  // namespace cacheplane::guard
