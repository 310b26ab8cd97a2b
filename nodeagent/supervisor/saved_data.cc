#include "nodeagent/supervisor/saved_data.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "common/text.h"

namespace cacheplane::agent {
namespace {

// The fields of all known versions take less than 300 bytes.
constexpr std::size_t kHead = 4096;
constexpr unsigned char kField = 0xfa;
constexpr unsigned char kEnd = 0xff;

// Reads on from where it is; what is beyond the end is nothing, and makes it bad.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  bool bad() const { return bad_; }

  std::string_view Take(std::size_t count) {
    if (count > bytes_.size()) bad_ = true;
    const std::string_view taken = bad_ ? std::string_view() : bytes_.substr(0, count);
    bytes_.remove_prefix(taken.size());
    return taken;
  }

  unsigned char Byte() {
    const std::string_view byte = Take(1);
    return byte.empty() ? 0 : static_cast<unsigned char>(byte.front());
  }

  // A string, or a whole number in its place. Compressed ones are passed over, and are empty.
  std::string String() {
    const unsigned char first = Byte();
    switch (first >> 6) {
      case 0: return std::string(Take(first & 0x3f));
      case 1: return std::string(Take(static_cast<std::size_t>(first & 0x3f) << 8 | Byte()));
      case 2: return first == 0x80 ? std::string(Take(BigEndian())) : Bad();
      default: break;
    }
    if (first <= 0xc2) return std::to_string(LittleEndian(std::size_t{1} << (first & 0x3f)));
    return first == 0xc3 ? Compressed() : Bad();
  }

 private:
  std::string Bad() {
    bad_ = true;
    return {};
  }

  std::size_t BigEndian() {
    std::size_t value = 0;
    for (int i = 0; i < 4; ++i) value = value << 8 | Byte();
    return value;
  }

  std::int64_t LittleEndian(std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value |= static_cast<std::uint64_t>(Byte()) << (8 * i);
    const std::uint64_t sign = std::uint64_t{1} << (8 * count - 1);
    return static_cast<std::int64_t>((value ^ sign) - sign);
  }

  std::size_t Length() {
    const unsigned char first = Byte();
    if (first >> 6 == 0) return first & 0x3f;
    if (first >> 6 == 1) return static_cast<std::size_t>(first & 0x3f) << 8 | Byte();
    return first == 0x80 ? BigEndian() : bytes_.size() + 1;
  }

  std::string Compressed() {
    const std::size_t compressed = Length();
    Length();
    Take(compressed);
    return {};
  }

  std::string_view bytes_;
  bool bad_ = false;
};

// The file is the engine's, and a disk may have damaged it: what is told to the control plane is told in every message.
bool IsSane(const RdbHead& head) {
  constexpr std::int64_t kYear9999 = 253'402'300'799;
  constexpr std::size_t kHistoryLength = 40;
  const std::string& history = head.replication_id;
  const bool known =
      history.size() == kHistoryLength && history.find_first_not_of("0123456789abcdef") == std::string::npos;
  return (known || history.empty()) && head.created >= 0 && head.created <= kYear9999;
}

std::int64_t NumberOf(const std::string& text) { return ParseInt(text).value_or(0); }

std::string ReadHead(int fd) {
  std::array<char, kHead> buffer{};
  const ssize_t count = pread(fd, buffer.data(), buffer.size(), 0);
  return count <= 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(count));
}

std::optional<SavedData> Describe(int fd) {
  struct stat status {};
  if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size == 0) return std::nullopt;
  const auto head = ParseRdbHead(ReadHead(fd));
  if (!head) return std::nullopt;
  const std::int64_t modified = status.st_mtim.tv_sec * 1000LL + status.st_mtim.tv_nsec / 1'000'000;
  return SavedData{.id = fmt::format("{}.{:09}-{}", status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_size),
                   .replication_id = head->replication_id,
                   .replication_offset = head->replication_offset,
                   .as_of_ms = head->created != 0 ? head->created * 1000 : modified};
}

}  // namespace

std::optional<RdbHead> ParseRdbHead(std::string_view bytes) {
  const bool known = bytes.starts_with("REDIS") || bytes.starts_with("VALKEY");
  Reader reader(bytes);
  reader.Take(9);  // "REDIS0011", "VALKEY080"
  if (!known || reader.bad()) return RdbHead{};
  RdbHead head;
  while (!reader.bad()) {
    const unsigned char opcode = reader.Byte();
    if (opcode == kEnd) return std::nullopt;
    if (opcode != kField) return reader.bad() || !IsSane(head) ? RdbHead{} : head;
    const std::string name = reader.String();
    const std::string value = reader.String();
    if (name == "repl-id") head.replication_id = value;
    if (name == "repl-offset") head.replication_offset = NumberOf(value);
    if (name == "ctime") head.created = NumberOf(value);
  }
  return RdbHead{};
}

std::optional<SavedData> ReadSavedData(const std::filesystem::path& file) {
  // The directory is the engine's, and the agent may be root: no link is followed, no pipe waited for.
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0) return std::nullopt;
  auto saved = Describe(fd);
  close(fd);
  return saved;
}

}  // namespace cacheplane::agent
