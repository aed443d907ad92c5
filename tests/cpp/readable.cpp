#include "runner/readable.hpp"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE("readable") {

using tsgen::harmless;
using tsgen::readable;

TEST_CASE("what a terminal would obey is shown") {
  CHECK(harmless("a\x1b[2J\x7f\r") == "a\\x1b[2J\\x7f\\x0d");
  CHECK(harmless("\xC2\x9B"
                 "1m") == "\\x9b1m");
  CHECK(harmless("line\n\ttab \xC3\xB6 \xE2\x82\xAC") == "line\n\ttab \xC3\xB6 \xE2\x82\xAC");
  CHECK(harmless(std::string_view("\0\xFF", 2)) == "\\x00\xFF");
}

TEST_CASE("an error is one line") { CHECK(readable("two\nlines ") == "two lines "); }

TEST_CASE("words of thousands of characters are cut, between whole characters") {
  CHECK(readable("the name " + std::string(400, 'x')) == "the name " + std::string(400, 'x'));
  CHECK(readable(std::string(10000, 'x') + "y z") ==
        std::string(160, 'x') + "..." + std::string(79, 'x') + "y z");
  std::string umlauts = "a";
  for (int i = 0; i < 500; ++i) umlauts += "\xC3\xB6";
  const auto shown = readable(umlauts);
  CHECK(shown.substr(155, 8) == "\xC3\xB6\xC3\xB6...\xC3");
}
}  // TEST_SUITE("readable")
