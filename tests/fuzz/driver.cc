// Runs a fuzzer without libFuzzer: everything in its corpus, and changes of that by chance.
//
//   decode_fuzz <folder> <executions> [<seed>]     the same seed makes the same inputs
//   decode_fuzz <file>                             one input: what an earlier run wrote when it found something
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif

namespace {

constexpr std::size_t kLongestInput = 16 * 1024;
const std::string kFound = std::string("fuzz-found-") + program_invocation_short_name;  // in the present folder

std::string present;  // input, for who has to write it down

void WriteDown() {
  std::ofstream(kFound, std::ios::binary) << present;
  std::fprintf(stderr, "the input is in the file %s\n", kFound.c_str());
}

void OnSignal(int number) {
  WriteDown();
  std::signal(number, SIG_DFL);
  std::raise(number);
}

void Run(std::string input) {
  present = std::move(input);
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(present.data()), present.size());
}

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// In order of names: chance must find the same corpus everywhere.
std::vector<std::string> ReadCorpus(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<std::string> corpus;
  for (const auto& file : files) corpus.push_back(ReadFile(file));
  return corpus;
}

class Mutator {
 public:
  Mutator(const std::vector<std::string>& corpus, std::uint64_t seed) : corpus_(corpus), random_(seed) {}

  std::string Next() {
    std::string input = Any();
    for (std::size_t changes = 1 + Below(6); changes > 0; --changes) Change(input);
    input.resize(std::min(input.size(), kLongestInput));
    return input;
  }

 private:
  std::size_t Below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }
  const std::string& Any() { return corpus_[Below(corpus_.size())]; }

  std::string PartOf(const std::string& whole) { return whole.substr(Below(whole.size() + 1), Below(64)); }

  void Change(std::string& input) {
    static const std::vector<std::string> kTokens = {"&",
                                                     "=",
                                                     "%",
                                                     "+",
                                                     ".",
                                                     "\n",
                                                     " ",
                                                     "/",
                                                     ",",
                                                     ";",
                                                     "%00",
                                                     "%FF",
                                                     "..",
                                                     "1",
                                                     "-1",
                                                     "10001",
                                                     "4294967296",
                                                     "Tag",
                                                     ".member.1.",
                                                     "é",
                                                     "<&>\"",
                                                     "]]>",
                                                     "\xEF\xBF\xBF",
                                                     "\xED\xA0\x80",
                                                     std::string(300, 'a')};
    const std::size_t at = Below(input.size() + 1);
    switch (Below(7)) {
      case 0: input.insert(at, kTokens[Below(kTokens.size())]); break;
      case 1: input.erase(at, Below(16)); break;
      case 2: input.insert(at, PartOf(input)); break;
      case 3: input.insert(at, PartOf(Any())); break;
      case 4: input.insert(at, 1, static_cast<char>(Below(256))); break;
      case 5: input.resize(at); break;
      default:
        if (at < input.size()) input[at] = static_cast<char>(static_cast<unsigned char>(input[at]) ^ (1U << Below(8)));
    }
  }

  const std::vector<std::string>& corpus_;
  std::mt19937_64 random_;
};

int RunFolder(const std::filesystem::path& folder, std::size_t executions, std::uint64_t seed) {
  const std::vector<std::string> corpus = ReadCorpus(folder);
  if (corpus.empty()) {
    std::cerr << folder << " is empty\n";
    return 2;
  }
  std::cout << corpus.size() << " inputs and " << executions << " changes of them, seed " << seed << std::endl;
  for (const std::string& input : corpus) Run(input);
  Mutator mutator(corpus, seed);
  for (std::size_t i = 0; i < executions; ++i) Run(mutator.Next());
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
#ifdef __SANITIZE_ADDRESS__
  __sanitizer_set_death_callback(WriteDown);
#endif
  std::signal(SIGABRT, OnSignal);
  if (count == 2) {
    Run(ReadFile(arguments[1]));
    return 0;
  }
  if (count != 3 && count != 4) {
    std::cerr << "usage: " << arguments[0] << " <folder> <executions> [<seed>], or <file>\n";
    return 2;
  }
  return RunFolder(arguments[1], std::stoul(arguments[2]), count == 4 ? std::stoull(arguments[3]) : 1);
}
