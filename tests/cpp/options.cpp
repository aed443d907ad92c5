#include "runner/options.hpp"

#include <doctest/doctest.h>

#include "stand_in/files.hpp"

TEST_SUITE("options") {
namespace {

using Words = std::vector<std::string>;
using tsgen::Command;
using tsgen::parse_options;

std::string refused(const Words& words) {
  return stand_in::refusal([&] { parse_options(words); });
}

}  // namespace

TEST_CASE("nothing said is a run on ones") {
  const auto options = parse_options({});
  CHECK(options.command == Command::run);
  CHECK_FALSE(options.model);
  CHECK_FALSE(options.threads);
  CHECK_FALSE(options.json);
}

TEST_CASE("values stand behind or within their option") {
  const auto options =
      parse_options({"m.pt", "--input", "x=größe=1.npy", "--input=y.0=b.npy", "--output=out",
                     "--device", "cuda:1", "--threads=2", "--json"});
  CHECK(options.model == "m.pt");
  REQUIRE(options.inputs.size() == 2);
  CHECK(options.inputs[0].first == "x");
  CHECK(options.inputs[0].second == "größe=1.npy");
  CHECK(options.inputs[1].first == "y.0");
  CHECK(options.output == "out");
  CHECK(options.device.index == 1);
  CHECK(options.threads == 2);
  CHECK(options.json);
}

TEST_CASE("commands") {
  CHECK(parse_options({"--verify", "--cases", "c"}).cases == "c");
  CHECK(parse_options({"--verify", "--output", "o"}).command == Command::verify);
  CHECK(parse_options({"--stress", "8", "--cases=c"}).callers == 8);
  CHECK(parse_options({"--bench=100000000"}).calls == 100000000);
  CHECK(parse_options({"--threads=auto", "--bench", "5"}).sweep);
  CHECK(parse_options({"--bench", "5", "--threads=auto", "--threads", "2"}).threads == 2);
  CHECK_FALSE(parse_options({"--bench", "5", "--threads=auto", "--threads", "2"}).sweep);
  CHECK(parse_options({"--info"}).command == Command::info);
  CHECK(parse_options({"--version"}).command == Command::version);
  CHECK(parse_options({"-h"}).command == Command::help);
  CHECK(parse_options({"--verify", "--verify"}).command == Command::verify);
}

TEST_CASE("whoever asks for help gets it") {
  CHECK(parse_options({"--verify", "--help", "--info", "--cases", "c", "--input=x=y"}).command ==
        Command::help);
}

TEST_CASE("a path may begin with anything, but an option is known") {
  CHECK(parse_options({"-"}).model == "-");
  CHECK(parse_options({"a=b.pt"}).model == "a=b.pt");
}

TEST_CASE("each refusal names the one thing that is wrong") {
  const std::vector<std::pair<Words, std::string>> wrong = {
      {{"--colour"}, "unknown option --colour"},
      {{"--colour=blue"}, "unknown option --colour"},
      {{"-x"}, "unknown option -x"},
      {{"--"}, "unknown option --"},
      {{"a.pt", "b.pt"}, "expected one model, got a.pt and b.pt"},
      {{""}, "the model's path is empty"},
      {{"--json=yes"}, "--json takes no value"},
      {{"--verify="}, "--verify takes no value"},
      {{"--output"}, "--output needs a value"},
      {{"--output="}, "--output needs a value, got an empty one"},
      {{"--output", ""}, "--output needs a value, got an empty one"},
      {{"--device", "gpu"}, "there is no device \"gpu\""},
      {{"--threads", "0"}, "--threads expects a whole number from 1 to 1024, got \"0\""},
      {{"--threads", "1025"}, "from 1 to 1024"},
      {{"--threads", "auto"}, "--threads auto can only be used with --bench"},
      {{"--verify", "--threads=auto"}, "--threads auto can only be used with --bench"},
      {{"--stress", "many"}, "--stress expects a whole number"},
      {{"--bench", "99999999999999999999"}, "--bench expects a whole number from 1 to 100000000"},
      {{"--input", "x"}, "--input expects NAME=FILE.npy, got \"x\""},
      {{"--input", "=x"}, "--input expects NAME=FILE.npy"},
      {{"--input", "x="}, "--input expects NAME=FILE.npy"},
      {{"--verify", "--bench", "3"}, "exclude one another"},
      {{"--info", "--version"}, "exclude one another"},
      {{"--verify", "--input", "x=y"}, "--input cannot be used with"},
      {{"--info", "--input", "x=y"}, "--input cannot be used with"},
      {{"--stress", "2", "--output", "o"}, "--output cannot be used with"},
      {{"--bench", "2", "--output", "o"}, "--output cannot be used with"},
      {{"--cases", "c"}, "--cases can only be used with"},
  };
  for (const auto& [words, why] : wrong) {
    CAPTURE(words.front());
    const auto said = refused(words);
    CHECK_MESSAGE(stand_in::contains(said, why), said);
  }
}

}  // TEST_SUITE("options")
