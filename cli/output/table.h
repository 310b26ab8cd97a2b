// Tables and key-value blocks as text. Pure. Control characters in values are escaped: a description must not be able
// to drive the reader's terminal.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace cacheplane::cli {

// What a value means to the reader; shown as colour, where colour is wanted.
enum class Tone { kPlain, kGood, kBusy, kBad, kFaint };

struct Cell {
  Cell(std::string value, Tone meaning = Tone::kPlain)  // NOLINT(google-explicit-constructor): a text is a cell
      : text(std::move(value)), tone(meaning) {}
  Cell(const char* value) : text(value) {}  // NOLINT(google-explicit-constructor)

  std::string text;
  Tone tone = Tone::kPlain;

  bool operator==(const Cell&) const = default;
};

struct Table {
  std::vector<std::string> headers;
  std::vector<std::vector<Cell>> rows;

  bool operator==(const Table&) const = default;
};

// A status word with its tone: "available" is good, "creating" busy, "impaired" bad, others plain.
Cell StatusCell(const std::string& status);

// Columns two spaces apart, no trailing spaces, a final newline. An empty value shows as "-".
std::string RenderTable(const Table& table, bool colour);

// "Key:   value" lines, aligned; a pair without a value is left out.
std::string RenderBlock(const std::vector<std::pair<std::string, Cell>>& pairs, bool colour);

// The text in the colour of its tone.
std::string Tint(const std::string& text, Tone tone, bool colour);

// Columns a text takes on a terminal; each code point counts one.
std::size_t DisplayWidth(const std::string& text);

}  // namespace cacheplane::cli
