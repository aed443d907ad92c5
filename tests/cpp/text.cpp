#include "core/text.hpp"

#include <doctest/doctest.h>

#include <clocale>
#include <cmath>
#include <string>

#include "core/utf8.hpp"

TEST_SUITE("text") {

using tsgen::split;

TEST_CASE("parts between separators") {
  using Parts = std::vector<std::string_view>;
  CHECK(split("", ',') == Parts{""});
  CHECK(split(",", ',') == Parts{"", ""});
  CHECK(split("a,,b", ',') == Parts{"a", "", "b"});
  CHECK(tsgen::split_lines("a\r\nb\n\rc\r\n") == Parts{"a", "b", "\rc", ""});
  CHECK(tsgen::trim(" \t a b\r\n") == "a b");
  CHECK(tsgen::trim(" \n").empty());
}

TEST_CASE("whole numbers, whole") {
  CHECK(tsgen::parse_integer("-9223372036854775808") == INT64_MIN);
  CHECK(tsgen::parse_integer("9223372036854775807") == INT64_MAX);
  for (const auto* const text :
       {"", "-", "+1", " 1", "1 ", "1.0", "0x1", "9223372036854775808", "1e3"}) {
    CAPTURE(text);
    CHECK_FALSE(tsgen::parse_integer(text));
  }
}

TEST_CASE("real numbers, whole") {
  CHECK(tsgen::parse_real("1e-05") == 1e-05);
  CHECK(tsgen::parse_real("-.5") == -0.5);
  CHECK(tsgen::parse_real("5e-324") == 5e-324);
  for (const auto* const text :
       {"", "1,5", " 1", "1 ", "1e", "inf", "nan", "1e999", "0x1p3", "1.5f"}) {
    CAPTURE(text);
    CHECK_FALSE(tsgen::parse_real(text));
  }
  CHECK(tsgen::parse_any_real("inf") == HUGE_VAL);
  CHECK(tsgen::parse_any_real("-inf") == -HUGE_VAL);
  CHECK(std::isnan(tsgen::parse_any_real("nan").value()));
  CHECK(tsgen::parse_any_real("2.5") == 2.5);
  CHECK_FALSE(tsgen::parse_any_real("infinity"));
}

TEST_CASE("characters of UTF-8") {
  CHECK(tsgen::character_size("a") == 1);
  CHECK(tsgen::character_size("\xC3\x9F.") == 2);
  CHECK(tsgen::character_size("\xE2\x82\xAC") == 3);
  CHECK(tsgen::character_size("\xF4\x8F\xBF\xBF") == 4);
  CHECK(tsgen::is_utf8(""));
  CHECK(tsgen::is_utf8("größe 模型 \xF0\x9F\x99\x82"));
}

TEST_CASE("bytes that are no UTF-8") {
  for (const std::string text : {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC3", "\xC3.",
                                 "\xE0\x80\x80", "\xE2\x82", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                                 "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "a\xF0\x9F\x99"}) {
    CAPTURE(text);
    CHECK_FALSE(tsgen::is_utf8(text));
  }
}

TEST_CASE("the first and last character of each length") {
  for (const char32_t character :
       {0x00, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF}) {
    const auto bytes = tsgen::utf8_of(character);
    CAPTURE(bytes);
    CHECK(tsgen::character_size(bytes) == bytes.size());
  }
  CHECK(tsgen::utf8_of(0xDF) == "ß");
  CHECK(tsgen::utf8_of(0x6A21) == "模");
  CHECK_FALSE(tsgen::is_utf8(tsgen::utf8_of(0xD800)));
}

TEST_CASE("paths keep their bytes") {
  CHECK(tsgen::to_utf8(tsgen::path_from_utf8("a/größe 模型")) == "a/größe 模型");
}

TEST_CASE("no locale changes a number") {
  // Any with a comma that this machine has; without one the test says nothing, and does not fail.
  for (const auto* const name : {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE"})
    if (std::setlocale(LC_ALL, name) != nullptr) break;
  CHECK(tsgen::parse_real("0.5") == 0.5);
  CHECK_FALSE(tsgen::parse_real("0,5"));
  std::setlocale(LC_ALL, "C");
}

}  // TEST_SUITE("text")
