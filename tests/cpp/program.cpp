#include <doctest/doctest.h>

#include <algorithm>

#include "stand_in/project.hpp"
#include "stand_in/runtime.hpp"

#include "runner/npy.hpp"
#include "runner/sweep.hpp"

TEST_SUITE("program") {
using stand_in::contains;
using stand_in::Project;
using stand_in::run;

TEST_CASE("a run on ones") {
  const Project project;
  const auto ran = run({project.file("model.pt")});
  CHECK(ran.status == 0);
  CHECK(ran.out == "ok\ny float32[2]: 2.0000 2.0000\n");
  CHECK(ran.err == "");
}

TEST_CASE("a run on given inputs, with its outputs written") {
  const Project project;
  const auto ran =
      run({project.file("model.pt"), "--input", "x=" + project.file("cases/a/input.x.npy"),
           "--output", project.file("new/out"), "--json"});
  CHECK(ran.status == 0);
  CHECK(contains(ran.out,
                 R"("outputs":[{"name":"y","dtype":"float32","shape":[2],"first":["6","2"]}]})"));
  CHECK(tsgen::read_npy(project.folder.path() / "new/out/output.y.npy").data_as<float>()[0] == 6);
}

TEST_CASE("texts are shown as texts, and defaults stand in for what is not given") {
  const Project project("echo", "");
  project.folder.write(
      "text.pt",
      stand_in::model_text("echo",
                           "input\ta\tstr\tgr%C3%B6%C3%9Fe\ninput\tb\tlist\ninput\tb.*\tint\n"
                           "output\t\ttuple\noutput\t0\tstr\noutput\t1\tint\n"));
  tsgen::write_npy(project.folder.path() / "one.npy", stand_in::tensor<std::int64_t>({}, {1}));
  CHECK(run({project.file("text.pt"), "--input", "b.0=" + project.file("one.npy")}).out ==
        "ok\n0 str: \"größe\"\n1 int64[]: 1\n");
  CHECK(contains(run({project.file("text.pt"), "--json"}).out, R"("text":"größe")"));
}

TEST_CASE("what others wrote reaches a terminal as text") {
  const auto refused = run({"a\x1b[2J.pt", "--json"});
  CHECK(refused.status == 2);
  CHECK(contains(refused.err, "a\\x1b[2J.pt"));
  CHECK_FALSE(contains(refused.out + refused.err, "\x1b"));
  const Project project;
  project.folder.write("cases/index.tsv",
                       "tsgen-cases\t1\ncase\t" + std::string(10000, ' ') + "\x1b\n");
  const auto index = run({project.file("model.pt"), "--verify"});
  CHECK_FALSE(contains(index.err, "\x1b"));
  project.folder.write("cases/index.tsv", "tsgen-cases\t" + std::string(10000, '9') + '\n');
  CHECK(run({project.file("model.pt"), "--verify"}).err.size() < 1000);
}

TEST_CASE("times of calls") {
  const Project project;
  CHECK(contains(run({project.file("model.pt"), "--bench", "3", "--threads", "1"}).out,
                 "3 calls, 1 thread: first "));
  const int before = stand_in::calls;
  const auto json = run({project.file("model.pt"), "--bench", "3", "--json"}).out;
  CHECK(stand_in::calls - before == 3 + 3);
  CHECK(contains(json, R"({"bench":{"calls":3,"threads":1,"first_ms":)"));
  for (const auto* const part : {R"(,"second_ms":)", R"(,"p50_ms":)", R"(,"calls_per_second":)"})
    CHECK_MESSAGE(contains(json, part), json);
}

TEST_CASE("times of every number of threads") {
  tsgen::set_thread_count(3);
  CHECK(tsgen::counts_to(1) == std::vector{1});
  CHECK(tsgen::counts_to(8) == std::vector{1, 2, 4, 8});
  const Project project("scratch", "writes\tstate\tscratch\n");
  const int before = stand_in::calls;
  const auto ran = run({project.file("model.pt"), "--bench", "5", "--threads", "auto"});
  // To warm up; then for 1, 2 and 3 threads of 1, 2 and 3 callers, one call of each and five.
  CHECK(stand_in::calls - before == 3 + 3 * (1 + 2 + 3) + 9 * 5);
  CHECK(ran.out.rfind("    callers    threads     p50 ms     p90 ms    calls/s\n", 0) == 0);
  CHECK(std::count(ran.out.begin(), ran.out.end(), '\n') == 1 + 9 + 1);
  CHECK(contains(ran.out, "\n          3          2 "));
  CHECK(contains(ran.out, "\nbest: "));
  tsgen::set_thread_count(2);
  const auto json =
      run({project.file("model.pt"), "--bench", "1", "--threads", "auto", "--json"}).out;
  CHECK(json.rfind(R"({"bench":{"calls":2,"settings":[{"callers":1,"threads":1,"p50_ms":)", 0) ==
        0);
  CHECK(contains(json, R"(},{"callers":2,"threads":2,"p50_ms":)"));
  CHECK(contains(json, R"(}],"best":{"callers":)"));
}

TEST_CASE("a model that fails in one of several threads is one line of error") {
  const Project project("raise");
  const auto ran = run({project.file("model.pt"), "--bench", "5", "--threads", "auto"});
  CHECK(ran.status == 2);
  CHECK(contains(ran.err, "error: the model raised: no"));
}

TEST_CASE("help, version and information") {
  const Project project;
  CHECK(contains(run({"--help"}).out, "usage: myapp-runner [MODEL] [options]"));
  CHECK(contains(run({"--version"}).out, ", LibTorch 2.14.1+cpu)"));
  CHECK(contains(run({project.file("model.pt"), "--info"}).out, "input     x float32[N]\n"));
}

TEST_CASE("bad usage ends in a sentence, a hint and status 2") {
  const Project project;
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"--colour"},
           {},
           {project.file("no.pt")},
           {project.file("cases/index.tsv")},
           {project.file("model.pt"), "--device=cuda"},
           {project.file("model.pt"), "--input", "x=" + project.file("no.npy")},
           {project.file("model.pt"), "--input=z=" + project.file("cases/a/input.x.npy")},
           {project.file("model.pt"), "--output", project.file("model.pt")}}) {
    const auto ran = run(words);
    CAPTURE(ran.err);
    CHECK(ran.status == 2);
    CHECK(ran.out == "");
    CHECK(ran.err.rfind("myapp-runner: error: ", 0) == 0);
    CHECK(contains(ran.err, "\nmyapp-runner: hint: "));
  }
}

TEST_CASE("an error is JSON too where JSON is asked for") {
  const auto ran = run({"--json", "--colour"});
  CHECK(ran.status == 2);
  CHECK(
      ran.out ==
      "{\"error\":{\"message\":\"unknown option --colour\",\"hint\":\"--help lists the options\"}}\n");
}

TEST_CASE("what a model throws is not the end of the program") {
  const Project raises("raise");
  CHECK(contains(run({raises.file("model.pt")}).err, "error: the model raised: no"));
  const Project breaks("break");
  const auto ran = run({breaks.file("model.pt")});
  CHECK(ran.status == 2);
  CHECK(contains(ran.err,
                 "error: broken\nmyapp-runner: hint: this is a bug in the program: report it"));
}

// A sanitizer's own memory ends the program at such a size.
TEST_CASE("an example that is too large for the machine" * doctest::skip(TSGEN_SANITIZED)) {
  const Project project;
  project.folder.write(
      "huge.pt", stand_in::model_text(
                     "scratch", "input\tx\ttensor\tfloat32\t100000000000000000\noutput\ty\tint\n"));
  const auto ran = run({project.file("huge.pt")});
  CHECK(ran.status == 2);
  CHECK(contains(ran.err, "error: out of memory"));
}

}  // TEST_SUITE("program")
