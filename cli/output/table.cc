#include "cli/output/table.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "common/text.h"

namespace cacheplane::cli {
namespace {

constexpr std::string_view kGap = "  ";
constexpr std::string_view kReset = "\x1b[0m";

std::string_view ColourOf(Tone tone) {
  switch (tone) {
    case Tone::kPlain: return "";
    case Tone::kGood: return "\x1b[32m";
    case Tone::kBusy: return "\x1b[33m";
    case Tone::kBad: return "\x1b[31m";
    case Tone::kFaint: return "\x1b[2m";
  }
  return "";
}

std::string Shown(const Cell& cell) { return cell.text.empty() ? "-" : EscapeControl(cell.text); }

std::vector<std::size_t> Widths(const Table& table) {
  std::vector<std::size_t> widths;
  for (const std::string& header : table.headers) widths.push_back(DisplayWidth(header));
  for (const std::vector<Cell>& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], DisplayWidth(Shown(row[i])));
  }
  return widths;
}

std::string RenderRow(const std::vector<Cell>& row, const std::vector<std::size_t>& widths, bool colour) {
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string text = Shown(row[i]);
    line += Tint(text, row[i].tone, colour);
    if (i + 1 == row.size()) break;
    line.append(widths[i] - DisplayWidth(text), ' ').append(kGap);
  }
  return line + "\n";
}

}  // namespace

Cell StatusCell(const std::string& status) {
  static constexpr std::array kGood = {"available", "succeeded", "yes", "done"};
  static constexpr std::array kBusy = {"creating", "modifying", "deleting", "queued", "running", "warning"};
  static constexpr std::array kBad = {"impaired", "create-failed", "failed", "no", "error"};
  const auto is_in = [&](const auto& words) { return std::find(words.begin(), words.end(), status) != words.end(); };
  if (is_in(kGood)) return {status, Tone::kGood};
  if (is_in(kBusy)) return {status, Tone::kBusy};
  if (is_in(kBad)) return {status, Tone::kBad};
  return status;
}

std::string RenderTable(const Table& table, bool colour) {
  const std::vector<std::size_t> widths = Widths(table);
  std::vector<Cell> headers;
  for (const std::string& header : table.headers) headers.emplace_back(header, Tone::kFaint);
  std::string text = RenderRow(headers, widths, colour);
  for (const std::vector<Cell>& row : table.rows) text += RenderRow(row, widths, colour);
  return text;
}

std::string RenderBlock(const std::vector<std::pair<std::string, Cell>>& pairs, bool colour) {
  std::size_t width = 0;
  for (const auto& [key, value] : pairs) {
    if (!value.text.empty()) width = std::max(width, DisplayWidth(key));
  }
  std::string text;
  for (const auto& [key, value] : pairs) {
    if (value.text.empty()) continue;
    const std::string padding(width - DisplayWidth(key) + 2, ' ');
    text += Tint(key + ":", Tone::kFaint, colour) + padding + Tint(Shown(value), value.tone, colour) + "\n";
  }
  return text;
}

std::string Tint(const std::string& text, Tone tone, bool colour) {
  if (!colour || tone == Tone::kPlain) return text;
  return std::string(ColourOf(tone)) + text + std::string(kReset);
}

std::size_t DisplayWidth(const std::string& text) {
  const auto starts_code_point = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_code_point));
}

}  // namespace cacheplane::cli
