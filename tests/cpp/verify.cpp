#include <doctest/doctest.h>

#include "stand_in/project.hpp"
#include "stand_in/runtime.hpp"

#include "runner/npy.hpp"

TEST_SUITE("verify") {

using stand_in::contains;
using stand_in::Project;
using stand_in::run;

TEST_CASE("the cases are replayed and compared") {
  const Project project;
  const auto ran = run({project.file("model.pt"), "--verify"});
  CHECK(ran.status == 0);
  CHECK(contains(ran.out, "ok   a: y float32[2]: equal\nok   b: y float32[2]: equal\n"));
  CHECK(
      contains(ran.out, "verified: 2 cases, C++ = Python within tolerance (cases of another CPU"));
}

TEST_CASE("a wrong number ends in status 1, and says where") {
  const Project project;
  tsgen::write_npy(project.folder.path() / "cases/b/output.y.npy",
                   stand_in::tensor<float>({2}, {10, 3}));
  const auto ran = run({project.file("model.pt"), "--verify"});
  CHECK(ran.status == 1);
  CHECK(contains(
      ran.out,
      "FAIL b: y float32[2]: at [1] expected 3, got 2 (1 of 2 differ, max_abs 1, max_rel 0.333)"));
  CHECK(contains(run({project.file("model.pt"), "--verify", "--json"}).out,
                 R"("passed":false,"cases":[{"name":"a")"));
}

TEST_CASE("within the tolerance of the index, and no further") {
  const Project project;
  const auto status = [&](float value) {
    tsgen::write_npy(project.folder.path() / "cases/a/output.y.npy",
                     stand_in::tensor<float>({2}, {value, 2}));
    return run({project.file("model.pt"), "--verify"}).status;
  };
  CHECK(status(6.006F) == 0);
  CHECK(status(6.01F) == 1);
}

TEST_CASE("where Python's noise floor is known, the answer in float64 is the measure") {
  const Project project;
  const auto& folder = project.folder;
  folder.write("cases/index.tsv",
               "tsgen-cases\t1\ntorch\t2.14.1\ncpu\tanother\nexact\ttrue\n"
               "tolerance\tfloat32\t1\t1\nfloor\tforward\ty\t0.25\ncase\ta\n");
  const auto ran = [&](double exact, const std::string& word) {
    tsgen::write_npy(folder.path() / "cases/a/float64.y.npy",
                     stand_in::tensor<double>({2}, {exact, 2}));
    tsgen::write_npy(folder.path() / "cases/a/output.y.npy",
                     stand_in::tensor<float>({2}, {6.25F, 2}));
    return run({project.file("model.pt"), "--verify", word});
  };
  CHECK(ran(7, "--json").status == 0);
  CHECK(ran(7.25, "--json").status == 1);
  CHECK(contains(ran(7, "--json").out, R"("demand":"floor")"));
  CHECK(contains(ran(7, "--json").out,
                 R"("float64_error":1,"python_float64_error":0.75,"limit":1,"problem":"")"));
  CHECK(contains(ran(7, "--threads=1").out, ", 1 from float64, Python 0.75, at most 1\n"));
  CHECK(contains(ran(7, "--threads=1").out,
                 "C++ = Python within 4 times Python's noise floor (cases of another CPU"));
  std::filesystem::remove(folder.path() / "cases/a/float64.y.npy");
  const auto without = run({project.file("model.pt"), "--verify"});
  CHECK(without.status == 2);
  CHECK(contains(without.err, "case a: the file float64.y.npy does not exist"));
}

TEST_CASE("an output too many or too few is a difference") {
  const Project project;
  tsgen::write_npy(project.folder.path() / "cases/a/output.z.npy",
                   stand_in::tensor<float>({}, {1}));
  CHECK(contains(run({project.file("model.pt"), "--verify"}).out,
                 "FAIL a: z float32[]: Python answered this, C++ did not"));
  project.folder.write(
      "optional.pt",
      stand_in::model_text(
          "scratch", "dim\tN\t2\ninput\tx\ttensor\tfloat32\tN\noutput\ty\ttensor?\tfloat32\tN\n"));
  std::filesystem::remove(project.folder.path() / "cases/a/output.y.npy");
  CHECK(contains(run({project.file("optional.pt"), "--verify"}).out,
                 "FAIL a: y float32[2]: C++ answered this, Python did not"));
}

TEST_CASE("outputs are written for each case, from another folder of cases too") {
  const Project project;
  std::filesystem::rename(project.folder.path() / "cases", project.folder.path() / "saved");
  CHECK(contains(run({project.file("model.pt"), "--verify"}).err, "there are no cases: "));
  CHECK(run({project.file("model.pt"), "--verify", "--cases", project.file("saved"), "--output",
             project.file("out")})
            .status == 0);
  CHECK(tsgen::read_npy(project.folder.path() / "out/b/output.y.npy").data_as<float>()[0] == 10);
}

int calls_to_verify(const Project& project) {
  const int before = stand_in::calls;
  CHECK(run({project.file("model.pt"), "--verify"}).status == 0);
  return stand_in::calls - before;
}

TEST_CASE("a slow model is not called once more for its time") {
  CHECK(calls_to_verify(Project("slow")) == 6);
}

TEST_CASE("a model in a sequence is called once for each case, others often") {
  const Project project;
  CHECK(calls_to_verify(project) == 10);
  const auto index = stand_in::content_of(project.folder.path() / "cases/index.tsv");
  project.folder.write("cases/index.tsv", index + "sequence\ttrue\n");
  CHECK(calls_to_verify(project) == 2);
}

TEST_CASE("on CUDA the comparison is without TF32, and with a tolerance") {
  const Project project;
  stand_in::machine().devices = 1;
  const auto ran = run({project.file("model.pt"), "--verify", "--device", "cuda"});
  CHECK(contains(ran.out, "within tolerance (device cuda:0)"));
  CHECK_FALSE(stand_in::machine().tf32);
  CHECK(contains(run({project.file("model.pt"), "--info"}).out, "devices   cpu, 1 CUDA device"));
  stand_in::machine() = stand_in::Machine();
}

TEST_CASE("a case of a method that the model lacks") {
  const Project project;
  project.folder.write("cases/index.tsv",
                       "tsgen-cases\t1\ntolerance\tfloat32\t1\t1\ncase\ta\tpeek\n");
  CHECK(contains(run({project.file("model.pt"), "--verify"}).err,
                 "case a: the model has no method peek"));
}

TEST_CASE("calls from several threads get what one alone got") {
  for (const auto* const lines : {"", "writes\tstate\tscratch\n"}) {
    // Without state every call may be inside at once: echo shares nothing.
    const Project project(*lines == '\0' ? "echo" : "scratch", lines);
    const auto ran = run({project.file("model.pt"), "--stress", "8"});
    CHECK(ran.status == 0);
    CHECK(contains(ran.out, " calls from 8 threads at once, each as one thread alone got it\n"));
  }
}

TEST_CASE("calls in a sequence are not compared") {
  const Project project("scratch", "sequence\ttrue\n");
  CHECK(contains(run({project.file("model.pt"), "--stress", "2"}).out,
                 "not compared, since the model keeps state"));
}

TEST_CASE("an answer that the next call overwrites is found by one thread already") {
  const Project project("view");
  const auto ran = run({project.file("model.pt"), "--stress", "1", "--json"});
  CHECK(ran.status == 1);
  CHECK(contains(ran.out, R"("callers":1,"calls":)"));
  CHECK_FALSE(contains(ran.out, R"("wrong":0)"));
}

TEST_CASE("a model that raises is not called at once") {
  const Project project("raise");
  CHECK(run({project.file("model.pt"), "--stress", "2"}).status == 2);
}

}  // TEST_SUITE("verify")
