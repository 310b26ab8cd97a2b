#include "common/slot_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "common/file.h"

namespace cacheplane {
namespace {

namespace fs = std::filesystem;

class SlotFile : public testing::Test {
 protected:
  SlotFile() {
    std::string name = (fs::temp_directory_path() / "slots-XXXXXX").string();
    directory_ = mkdtemp(name.data());
    path_ = directory_ / "state";
  }
  ~SlotFile() override { fs::remove_all(directory_); }

  ino_t Inode() const {
    struct stat status {};
    return stat(path_.c_str(), &status) == 0 ? status.st_ino : 0;
  }

  // As a crash in the middle of writing that slot leaves it.
  void Tear(std::size_t place) {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(place * kSlotBytes + 60));
    file << "####";
  }

  fs::path directory_;
  fs::path path_;
};

TEST_F(SlotFile, ReadsWhatWasWrittenLastAndStaysTheSameFile) {
  EXPECT_EQ(ReadSlots(path_).error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(WriteSlots(path_, "one").ok());
  const ino_t inode = Inode();
  for (const char* text : {"two", "", "three: longer than the others, and\nof two lines", "four"}) {
    ASSERT_TRUE(WriteSlots(path_, text).ok());
    EXPECT_EQ(ReadSlots(path_).value(), text);
  }
  EXPECT_EQ(Inode(), inode) << "it was replaced, which costs two more syncs";
  EXPECT_EQ(fs::file_size(path_), 2 * kSlotBytes);
}

TEST_F(SlotFile, ACrashWhileASlotIsWrittenLeavesTheTextBefore) {
  const std::string before(200, 'b');
  const std::string after(200, 'a');
  for (const std::size_t place : {1U, 0U}) {
    ASSERT_TRUE(WriteSlots(path_, before).ok());
    ASSERT_TRUE(WriteSlots(path_, after).ok());
    ASSERT_EQ(ReadSlots(path_).value(), after);
    Tear(place);
    EXPECT_EQ(ReadSlots(path_).value(), before) << "slot " << place;
    ASSERT_TRUE(WriteSlots(path_, after).ok());
    EXPECT_EQ(ReadSlots(path_).value(), after);
    Tear(1 - place);
    EXPECT_EQ(ReadSlots(path_).value(), after);
    fs::remove(path_);
    ASSERT_TRUE(WriteSlots(path_, "so that the other slot comes next").ok());
  }
}

TEST_F(SlotFile, TakesOverAFileWithoutSlots) {
  ASSERT_TRUE(ReplaceFile(path_, "{\"epoch\": 3}\n").ok());
  EXPECT_EQ(ReadSlots(path_).value(), "{\"epoch\": 3}\n");
  ASSERT_TRUE(WriteSlots(path_, "{\"epoch\": 4}\n").ok());
  EXPECT_EQ(ReadSlots(path_).value(), "{\"epoch\": 4}\n");
}

TEST_F(SlotFile, DamageOfBothIsToldAndMended) {
  const std::string text(200, 't');
  ASSERT_TRUE(WriteSlots(path_, text).ok());
  ASSERT_TRUE(WriteSlots(path_, text).ok());
  Tear(0);
  Tear(1);
  EXPECT_EQ(ReadSlots(path_).error().code, ErrorCode::kInternal);
  EXPECT_NE(ReadSlots(path_).error().message.find(path_.string()), std::string::npos);
  ASSERT_TRUE(WriteSlots(path_, text).ok());
  EXPECT_EQ(ReadSlots(path_).value(), text);
}

TEST_F(SlotFile, RefusesWhatDoesNotFit) {
  ASSERT_TRUE(WriteSlots(path_, "short").ok());
  const Status refused = WriteSlots(path_, std::string(kSlotBytes, 'x'));
  ASSERT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  EXPECT_NE(refused.error().message.find("4096"), std::string::npos) << refused.error().message;
  EXPECT_EQ(ReadSlots(path_).value(), "short");
}

}  // namespace
}  // namespace cacheplane
