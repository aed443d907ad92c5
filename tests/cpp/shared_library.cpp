#include "core/shared_library.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "stand_in/files.hpp"

TEST_SUITE("shared_library") {

TEST_CASE("a library that is there opens, also a second time") {
  CHECK(tsgen::open_library_file("libm.so.6") == "");
  CHECK(tsgen::open_library_file("libm.so.6") == "");
  CHECK(tsgen::function_of("libm.so.6", "cos") != nullptr);
  CHECK(tsgen::is_loaded("libm.so.6"));
  CHECK_FALSE(tsgen::is_loaded("libtsgen_none.so"));
  const auto loaded = tsgen::loaded_libraries();
  CHECK(std::any_of(loaded.begin(), loaded.end(),
                    [](const auto& file) { return file.filename() == "libm.so.6"; }));
}

TEST_CASE("one that is not there or is none is told about") {
  const stand_in::Folder folder;
  CHECK(stand_in::contains(tsgen::open_library_file(folder.path() / "libnone.so"), "libnone.so"));
  CHECK(stand_in::contains(tsgen::open_library_file(folder.write("libtext.so", "not a library")),
                           "libtext.so"));
  CHECK(stand_in::contains(tsgen::open_shared_library("tsgen_none", "c"), "libtsgen_none.so"));
  CHECK(tsgen::function_of("libtsgen_none.so", "cos") == nullptr);
  CHECK(tsgen::function_of("libm.so.6", "no_such_function") == nullptr);
}

}  // TEST_SUITE("shared_library")
