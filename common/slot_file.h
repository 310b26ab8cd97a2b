// A small text that is rewritten often and must be durable each time. ReplaceFile (common/file.h) syncs a new file and
// then its directory: two commits of the file system's journal, which wait for those of everybody else. Here the file
// stays:
//
//   slot 0   "cacheplane-slot 1 <sequence> <length> <checksum>\n", the text, blanks up to kSlotBytes
//   slot 1   the same of the time before, or blanks
//
// The older slot is overwritten in place and synced: neither the length nor the directory changes. A crash leaves the
// text before or the new one, whole. Measured on ext4 (docs/adr/0016): 0.3 to 0.5 ms instead of 1.5.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "common/result.h"

namespace cacheplane {

// A page and a block of usual file systems: writing one slot leaves the other's alone.
inline constexpr std::size_t kSlotBytes = 4096;

// The newest whole text. A file of another length has no slots: all of it is the text. kNotFound when there is none,
// kInternal when both slots are damaged.
Result<std::string> ReadSlots(const std::filesystem::path& path);

// Durable when it returns. One writer at a time. Where it cannot be done in place, the file is replaced.
// kInvalidArgument when the text is too long for a slot.
Status WriteSlots(const std::filesystem::path& path, std::string_view text);

}  // namespace cacheplane
