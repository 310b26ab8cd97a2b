#include "common/slot_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdint>
#include <optional>

#include "common/file.h"
#include "common/hash.h"
#include "common/text.h"

namespace cacheplane {
namespace {

constexpr std::string_view kHead = "cacheplane-slot 1";

struct Slot {
  std::size_t place = 0;
  std::uint64_t sequence = 0;
  std::string text{};
};

std::string Encode(std::uint64_t sequence, std::string_view text) {
  std::string slot = fmt::format("{} {} {} {:016x}\n{}", kHead, sequence, text.size(), StableHash(text), text);
  if (slot.size() < kSlotBytes) slot.resize(kSlotBytes, ' ');
  return slot;
}

// Nothing when it is not what Encode writes, whole.
std::optional<Slot> Parse(const std::string& file, std::size_t place) {
  const std::string bytes = file.substr(place * kSlotBytes, kSlotBytes);
  const std::size_t line = bytes.find('\n');
  const auto words = Split(std::string_view(bytes).substr(0, line), ' ');
  if (line == std::string::npos || words.size() != 5) return std::nullopt;
  const auto sequence = ParseInt(words[2]);
  const auto length = ParseInt(words[3]);
  if (!sequence || !length) return std::nullopt;
  Slot slot{.place = place,
            .sequence = static_cast<std::uint64_t>(*sequence),
            .text = bytes.substr(line + 1, static_cast<std::size_t>(*length))};
  return Encode(slot.sequence, slot.text) == bytes ? std::optional(std::move(slot)) : std::nullopt;
}

bool HasSlots(const std::string& file) { return file.size() == 2 * kSlotBytes; }

std::optional<Slot> Newest(const std::string& file) {
  auto first = Parse(file, 0);
  auto second = Parse(file, 1);
  if (!first || (second && second->sequence > first->sequence)) return second;
  return first;
}

bool Overwrite(const std::filesystem::path& path, std::size_t place, std::string_view slot) {
  const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const ssize_t written = pwrite(fd, slot.data(), slot.size(), static_cast<off_t>(place * kSlotBytes));
  const bool durable = written == static_cast<ssize_t>(slot.size()) && fdatasync(fd) == 0;
  close(fd);
  return durable;
}

}  // namespace

Result<std::string> ReadSlots(const std::filesystem::path& path) {
  CP_ASSIGN_OR_RETURN(std::string file, ReadFile(path));
  if (!HasSlots(file)) return file;
  auto newest = Newest(file);
  if (!newest) return Internal(fmt::format("{}: both of its slots are damaged", path.string()));
  return std::move(newest->text);
}

Status WriteSlots(const std::filesystem::path& path, std::string_view text) {
  if (Encode(UINT64_MAX, text).size() > kSlotBytes) {
    return InvalidArgument(
        fmt::format("{}: {} bytes are too long for a slot of {}", path.string(), text.size(), kSlotBytes));
  }
  const auto file = ReadFile(path);
  const auto newest = file.ok() && HasSlots(*file) ? Newest(*file) : std::nullopt;
  if (newest && Overwrite(path, 1 - newest->place, Encode(newest->sequence + 1, text))) return {};
  return ReplaceFile(path, Encode(1, text) + std::string(kSlotBytes, ' '));
}

}  // namespace cacheplane
