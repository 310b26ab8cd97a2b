#include "cli/output/table.h"

#include <gtest/gtest.h>

namespace cacheplane::cli {
namespace {

TEST(Table, AlignsColumnsWithoutTrailingSpace) {
  const Table table{{"NAME", "STATUS"}, {{"orders", "available"}, {"x", ""}}};
  EXPECT_EQ(RenderTable(table, false),
            "NAME    STATUS\n"
            "orders  available\n"
            "x       -\n");
}

TEST(Table, AnEmptyOneShowsItsHeaders) { EXPECT_EQ(RenderTable({{"NAME", "ZONE"}, {}}, false), "NAME  ZONE\n"); }

TEST(Table, ColourDoesNotMoveColumns) {
  const Table table{{"A", "B"}, {{StatusCell("available"), "x"}, {StatusCell("odd"), "y"}}};
  EXPECT_EQ(RenderTable(table, true),
            "\x1b[2mA\x1b[0m          \x1b[2mB\x1b[0m\n"
            "\x1b[32mavailable\x1b[0m  x\n"
            "odd        y\n");
}

TEST(Table, ValuesCannotDriveTheTerminal) {
  EXPECT_EQ(RenderTable({{"A"}, {{"x\x1b[2J\ny"}}}, false), "A\nx\\x1b[2J\\x0ay\n");
}

TEST(Table, CountsCodePoints) {
  EXPECT_EQ(DisplayWidth("größe"), 5U);
  EXPECT_EQ(RenderTable({{"A", "B"}, {{"größe", "x"}, {"12345", "y"}}}, false), "A      B\ngröße  x\n12345  y\n");
}

TEST(Block, AlignsAndLeavesOutWhatIsEmpty) {
  EXPECT_EQ(RenderBlock({{"Name", "orders"}, {"A very long key", ""}, {"Status", "creating"}}, false),
            "Name:    orders\nStatus:  creating\n");
}

TEST(StatusCell, HasTheTonePeopleExpect) {
  EXPECT_EQ(StatusCell("available").tone, Tone::kGood);
  EXPECT_EQ(StatusCell("creating").tone, Tone::kBusy);
  EXPECT_EQ(StatusCell("impaired").tone, Tone::kBad);
  EXPECT_EQ(StatusCell("something").tone, Tone::kPlain);
}

}  // namespace
}  // namespace cacheplane::cli
