#include "runner/cases.hpp"

#include <doctest/doctest.h>

#include "stand_in/files.hpp"

#include "runner/npy.hpp"

TEST_SUITE("cases") {

namespace {

std::string refused(const std::string& text) {
  return stand_in::refusal([&] { tsgen::parse_case_index(text); });
}

}  // namespace

TEST_CASE("the index of the cases") {
  const auto index = tsgen::parse_case_index(
      "tsgen-cases\t1\ntorch\t2.14.1+cpu\ncpu\tGenuineIntel/X/AVX512\nthreads\t2\nexact\ttrue\nsequence\ttrue\n"
      "tolerance\tfloat32\t1.3e-06\t1e-05\nfloor\tforward\ta%20b.0\t2.5e-07\ncase\trandom-0\ncase\tencode_1\tencode\ncase\tx\t\ncolour\tblue\n");
  CHECK(index.torch_version == "2.14.1+cpu");
  CHECK(index.cpu == "GenuineIntel/X/AVX512");
  CHECK(index.threads == 2);
  CHECK(index.exact);
  CHECK(index.sequence);
  CHECK(index.tolerances.at(tsgen::DType::float32).absolute == 1e-5);
  CHECK(index.floors.at({"forward", "a b.0"}) == 2.5e-7);
  REQUIRE(index.cases.size() == 3);
  CHECK(index.cases[0].method == "forward");
  CHECK(index.cases[1].name == "encode_1");
  CHECK(index.cases[1].method == "encode");
  CHECK(index.cases[2].method == "forward");
}

TEST_CASE("an index that is none") {
  const std::string head = "tsgen-cases\t1\n";
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"", "does not begin with \"tsgen-cases\""},
      {"tsgen-cases", "too short"},
      {"tsgen-cases\t2\n", "it has format 2"},
      {head, "it lists no case"},
      {head + "case", "a line \"case\" is too short"},
      {head + "case\t../up", "\"../up\" is no name of a case"},
      {head + "case\t", "\"\" is no name of a case"},
      {head + "case\t.hidden", "is no name of a case"},
      {head + "case\ta/b", "is no name of a case"},
      {head + "case\ta\\b", "is no name of a case"},
      {head + "threads\t0", "the number of threads is wrong"},
      {head + "threads\t1000001", "the number of threads is wrong"},
      {head + "threads\tmany", "the number of threads is wrong"},
      {head + "tolerance\tfloat32\t1e-6", "too short"},
      {head + "tolerance\tfloat7\t1\t1", "a tolerance is not a dtype and two numbers"},
      {head + "tolerance\tfloat32\tnan\t1", "a tolerance is not a dtype and two numbers"},
      {head + "tolerance\tfloat32\t1\t-1", "a tolerance is not a dtype and two numbers"},
      {head + "tolerance\tfloat32\t1\tinf", "a tolerance is not a dtype and two numbers"},
      {head + "exact", "too short"},
      {head + "floor\tforward\ty", "too short"},
      {head + "floor\tforward\ty\tnan", "a noise floor is not a method, an output and a number"},
      {head + "floor\tforward\ty\t-1", "a noise floor is not a method, an output and a number"},
  };
  for (const auto& [text, why] : wrong) {
    CAPTURE(text);
    const auto said = refused(text);
    CHECK_MESSAGE(stand_in::contains(said, why), said);
    CHECK(stand_in::contains(said, " | export the model again"));
  }
}

TEST_CASE("a case is the files of its folder, in the order of their names") {
  const stand_in::Folder folder;
  const auto one = stand_in::tensor<float>({1}, {1});
  folder.write("c/index.tsv", "tsgen-cases\t1\ncase\tc\n");
  for (const auto* const name :
       {"input.b%2Fc.npy", "input.a.npy", "output.0.npy", "output.1.npy", "inputs.x.npy"})
    tsgen::write_npy(folder.path() / "c" / name, one);
  folder.write("c/input.notes.txt", "not an array");
  const auto signature = tsgen::parse_signature(
      "tsgen-signature\t2\noutput\t\ttuple\noutput\t0\tint\noutput\t1\tint\noutput\t2\tint?\noutput\t3\tlist\noutput\t3.*\tint\n");
  const auto read = tsgen::read_case(folder.path(), {"c", "forward"}, signature);
  REQUIRE(read.inputs.size() == 2);
  CHECK(read.inputs[0].name == "a");
  CHECK(read.inputs[1].name == "b/c");
  CHECK(read.outputs.size() == 2);
}

TEST_CASE("a case of which something is missing or wrong") {
  const stand_in::Folder folder;
  const auto signature = tsgen::parse_signature("tsgen-signature\t2\noutput\ty z\tint\n");
  const auto said = [&](const std::string& name) {
    return stand_in::refusal(
        [&] { tsgen::read_case(folder.path(), {name, "forward"}, signature); });
  };
  CHECK(stand_in::contains(said("c"), "case c: the folder "));
  folder.write("d/input.x.txt", "");
  CHECK(stand_in::contains(said("d"), "case d: the file output.y%20z.npy does not exist"));
  folder.write("d/input.x.npy", "nonsense");
  CHECK(stand_in::contains(said("d"), "input.x.npy: it is not a .npy file"));
  folder.write("e/output.%zz.npy", "nonsense");
  CHECK(stand_in::contains(said("e"), "case e: \"%zz\" is not an encoded name"));
  CHECK(stand_in::contains(
      stand_in::refusal([&] { tsgen::read_case(folder.path(), {"d", "peek"}, signature); }),
      "case d: "));
}

TEST_CASE("a folder without an index") {
  const stand_in::Folder folder;
  CHECK(stand_in::contains(stand_in::refusal([&] { tsgen::read_case_index(folder.path()); }),
                           "index.tsv does not exist | give their folder with --cases DIR"));
  folder.write("index.tsv", "tsgen-cases\t1\ncase\ta\n");
  CHECK(tsgen::read_case_index(folder.path()).cases.size() == 1);
}

}  // TEST_SUITE("cases")
