#include "runtimes/torchscript/archive.hpp"

#include <doctest/doctest.h>

#include "stand_in/files.hpp"
#include "stand_in/zip.hpp"

#include "runtimes/torchscript/model_file.hpp"
#include "runtimes/torchscript/reason.hpp"

TEST_SUITE("archive") {

namespace {

using stand_in::contains;
using stand_in::zip;
using stand_in::Zipped;

tsgen::Source source(const std::string& bytes) {
  return tsgen::Source(tsgen::ModelBytes{bytes.data(), bytes.size()});
}

std::string refused(const std::string& bytes) {
  return stand_in::refusal([&] { tsgen::check_archive(source(bytes)); });
}

const Zipped check{"m/version", "123456789", 0xCBF43926};
const Zipped empty{"m/traced_inputs/0", "", 0};
/// No bytes of a tensor are added up.
const Zipped numbers{"m/data/0", "12345678", 1};
const Zipped code{"m/code/x.py", "12345", 0xCBF43926, 8, 9};

}  // namespace

TEST_CASE("an archive that is whole, with either kind of directory") {
  for (const bool wide : {false, true}) {
    const auto records = tsgen::check_archive(source(zip({check, empty, numbers, code}, wide)));
    REQUIRE(records.size() == 1);
    CHECK(records[0].name == "m/code/x.py");
    CHECK(records[0].bytes == 5);
    CHECK(records[0].size == 9);
  }
  CHECK(refused(zip({check}, true, "a comment")) == "nothing was thrown");
  CHECK(refused(zip({})) == "nothing was thrown");
}

TEST_CASE("wherever it is cut, it is refused") {
  for (const bool wide : {false, true}) {
    const auto whole = zip({check, numbers, code}, wide);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      CAPTURE(size);
      const auto said = refused(whole.substr(0, size));
      CHECK_MESSAGE(contains(said, " is truncated or damaged: "), said);
    }
  }
}

TEST_CASE("a byte that is not what was written") {
  const auto whole = zip({check, code});
  for (std::size_t at = whole.find("123456789"); at < whole.find("123456789") + 9; ++at) {
    auto flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    CHECK(contains(refused(flipped),
                   "its record m/version is not what was written | copy the model again"));
  }
}

TEST_CASE("any one byte of the directory may be wrong, and nothing but a refusal comes of it") {
  for (const bool wide : {false, true}) {
    const auto whole = zip({check, numbers, code}, wide);
    for (std::size_t at = whole.find("PK\x01\x02"); at < whole.size(); ++at) {
      for (const auto value : {0, 1, 127, 255}) {
        auto flipped = whole;
        flipped[at] = static_cast<char>(value);
        const auto said = refused(flipped);
        CHECK((said == "nothing was thrown" || contains(said, " is truncated or damaged: ")));
      }
    }
  }
}

TEST_CASE("sizes that cannot be") {
  auto lies = check;
  lies.size = 0xFFFFFFFFFF;
  CHECK(contains(refused(zip({lies}, true)), "its record m/version lies about its size"));
  lies.size = 10;
  CHECK(contains(refused(zip({lies})), "lies about its size"));
  lies = code;
  lies.size = 5 * 1032 + 1031;
  CHECK(refused(zip({lies})) == "nothing was thrown");
  ++lies.size;
  CHECK(contains(refused(zip({lies})), "its record m/code/x.py lies about its size"));
  lies.method = 9;
  CHECK(contains(refused(zip({lies})), "compressed in an unknown way"));
}

TEST_CASE("a record that reaches into the directory") {
  auto cut = zip({numbers});
  const auto entry = cut.find("PK\x01\x02");
  cut[entry + 20] = cut[entry + 24] = 30;
  CHECK(contains(refused(cut), "its record m/data/0 is cut off"));
}

TEST_CASE("parts of another archive") {
  const auto one = zip({check, numbers});
  const auto other = zip({Zipped{"m/version", "a longer content than that", 0}, numbers});
  CHECK(contains(
      refused(one.substr(0, one.find("PK\x01\x02")) + other.substr(other.find("PK\x01\x02"))),
      "is truncated or damaged"));
  CHECK(contains(refused("before" + one), "is truncated or damaged"));
}

TEST_CASE("what was expanded is compared too") {
  const auto bytes = zip({code});
  const auto record = tsgen::check_archive(source(bytes)).at(0);
  CHECK_NOTHROW(tsgen::check_record(source(bytes), record, "123456789"));
  for (const auto* const content : {"123456788", "12345678", ""})
    CHECK(contains(stand_in::refusal([&] { tsgen::check_record(source(bytes), record, content); }),
                   "model in memory (" + std::to_string(bytes.size()) +
                       " bytes) is truncated or damaged: its record m/code/x.py"));
}

TEST_CASE("a model file begins as an archive does") {
  const auto said = [](const std::string& bytes) {
    return stand_in::refusal([&] { tsgen::check_model_file(source(bytes)); });
  };
  CHECK(said(zip({check})) == "nothing was thrown");
  for (const std::string bytes : {"PK", "PK\x03", "no archive"})
    CHECK(contains(said(bytes),
                   "is not a TorchScript file: it is not a zip archive | export it from Python"));
}

TEST_CASE("LibTorch's reasons in the user's words") {
  const auto said = [](const std::string& reason) {
    return stand_in::refusal([&] { throw tsgen::load_error(source("x"), reason); });
  };
  CHECK(contains(said("PytorchStreamReader failed: failed finding central directory"),
                 "is truncated or damaged: its zip archive cannot be read"));
  CHECK(contains(said("Attempted to read a file with version 12, maximum supported version is 10"),
                 "written by a newer PyTorch"));
  CHECK(contains(said("file not found: archive/constants.pkl"), "holds no TorchScript program"));
  CHECK(contains(said("it has no method f()"), "cannot be loaded: it has no method f()"));
  CHECK(contains(stand_in::refusal([] { throw tsgen::no_signature(source("x")); }),
                 "run: tsgen export MODEL -o DIR"));
  CHECK(contains(stand_in::refusal([] { tsgen::signature_of(source("x"), "y"); }),
                 "model in memory (1 bytes): the signature"));
}

TEST_CASE("the one line of a message that helps") {
  CHECK(tsgen::first_reason("") == "");
  CHECK(tsgen::first_reason("\n  it is wrong.\nmore\n") == "it is wrong");
  CHECK(tsgen::first_reason("trace:\n  File \"x\"\nRuntimeError: the size is 3\n") ==
        "the size is 3");
  CHECK(tsgen::first_reason("no such. This is an internal miniz error") == "no such");
  CHECK(tsgen::first_reason("an Error: in a sentence") == "an Error: in a sentence");
}

}  // TEST_SUITE("archive")
