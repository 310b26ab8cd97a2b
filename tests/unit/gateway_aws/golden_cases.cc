#include "tests/unit/gateway_aws/golden_cases.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "common/text.h"

namespace cacheplane::gateway::aws {
namespace {

constexpr std::string_view kPass = "@pass ";
constexpr std::string_view kImage = "@image ";

GoldenCase ReadCase(const std::filesystem::path& file) {
  GoldenCase golden;
  golden.file = file;
  golden.action = file.parent_path().filename();
  golden.name = golden.action + "/" + file.stem().string();
  golden.before = Split(Trim(ReadFile(file)), '\n');
  golden.body = golden.before.back();
  golden.before.pop_back();
  return golden;
}

std::vector<GoldenCase> ReadCases() {
  std::vector<GoldenCase> cases;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(GOLDEN_FOLDER)) {
    if (entry.path().extension() == ".request") cases.push_back(ReadCase(entry.path()));
  }
  std::sort(cases.begin(), cases.end(), [](const auto& one, const auto& other) { return one.name < other.name; });
  return cases;
}

}  // namespace

const std::vector<GoldenCase>& GoldenCases() {
  static const std::vector<GoldenCase> kCases = ReadCases();
  return kCases;
}

void Prepare(ServedApi& api, const GoldenCase& golden) {
  for (const std::string& line : golden.before) {
    if (line.starts_with(kPass)) {
      api.Pass(static_cast<int>(ParseInt(std::string_view(line).substr(kPass.size())).value()));
    } else if (line.starts_with(kImage)) {
      api.HostsGet(line.substr(kImage.size()));
    } else {
      api.MustPost(line);
    }
  }
}

std::string ReadFile(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) throw std::runtime_error("cannot read " + file.string());
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

}  // namespace cacheplane::gateway::aws
