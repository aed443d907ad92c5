#include <doctest/doctest.h>

#include <limits>

#include "stand_in/files.hpp"

#include "runner/report/json.hpp"
#include "runner/report/json_writer.hpp"
#include "runner/report/text.hpp"

TEST_SUITE("report") {

using tsgen::to_json;

TEST_CASE("values of JSON") {
  CHECK(to_json(true) == "true");
  CHECK(to_json(-3) == "-3");
  CHECK(to_json(std::size_t{7}) == "7");
  CHECK(to_json(INT64_MIN) == "-9223372036854775808");
  CHECK(to_json(0.1) == "0.10000000000000001");
  CHECK(to_json(std::numeric_limits<double>::infinity()) == "null");
  CHECK(to_json(std::numeric_limits<double>::quiet_NaN()) == "null");
  CHECK(to_json(nullptr) == "null");
  CHECK(to_json(tsgen::Shape{}) == "[]");
  CHECK(to_json(tsgen::Shape{1, 0}) == "[1,0]");
}

TEST_CASE("texts are valid whatever their bytes are") {
  CHECK(to_json("") == "\"\"");
  CHECK(to_json("a \"b\\ \n\t\x7F\x01") == "\"a \\\"b\\\\ \\u000a\\u0009\\u007f\\u0001\"");
  CHECK(to_json(std::string("\0", 1)) == "\"\\u0000\"");
  CHECK(to_json("größe 🙂") == "\"größe 🙂\"");
  CHECK(to_json("\xFF"
                "a\xC3") == "\"\\ufffda\\ufffd\"");
  CHECK(to_json("\xED\xA0\x80") == "\"\\ufffd\\ufffd\\ufffd\"");
}

TEST_CASE("objects keep their order") {
  CHECK(tsgen::JsonObject().text() == "{}");
  const auto inner = tsgen::JsonObject().add("k", 1);
  CHECK(tsgen::JsonObject().add("b", "x").add("a", inner).text() == R"({"b":"x","a":{"k":1}})");
  CHECK(tsgen::json_array(std::vector<int>{1, 2}, [](int value) { return value > 1; }).text ==
        "[false,true]");
}

TEST_CASE("an error has a message and a hint") {
  CHECK(to_json(tsgen::Error("no \"x\"", "give it")) ==
        R"({"error":{"message":"no \"x\"","hint":"give it"}})");
}

namespace {

tsgen::VerifyReport verified() {
  tsgen::VerifyReport report{"m.pt", {}, 1, {false, "another CPU"}, true, {}};
  tsgen::OutputReport good{"y", tsgen::DType::float32, {2}, {}};
  good.comparison.max_abs = 0.5;
  report.cases = {{"one", "forward", 1.5, {good}}, {"none", "forward", 0, {}}};
  return report;
}

}  // namespace

TEST_CASE("a proof in words") {
  auto report = verified();
  CHECK(tsgen::to_text(report) ==
        "ok   one: y float32[2]: max_abs 0.5, max_rel 0\nok   none: nothing, as in Python\n"
        "verified: 2 cases, C++ = Python within tolerance (another CPU)");
  report.demand = {true, ""};
  report.passed = false;
  auto& comparison = report.cases[0].outputs[0].comparison;
  comparison.passed = false;
  comparison.index = tsgen::Shape{1};
  comparison.mismatches = 1;
  comparison.expected = "1";
  comparison.actual = "1.5";
  comparison.problem = "why";
  CHECK(stand_in::contains(tsgen::to_text(report),
                           "FAIL one: y float32[2]: at [1] expected 1, got 1.5 (1 of 2 differ, "
                           "max_abs 0.5, max_rel 0); why\n"));
  CHECK(stand_in::contains(
      tsgen::to_text(report),
      "FAILED: 2 cases, C++ is not Python bit for bit (LibTorch 2.14.1+cpu, 1 thread)"));
}

TEST_CASE("a proof in JSON") {
  CHECK(
      to_json(verified()) ==
      R"({"model":"m.pt","device":"cpu","threads":1,"torch_version":"2.14.1+cpu","demand":"tolerance",)"
      R"("reason":"another CPU","passed":true,"cases":[{"name":"one","method":"forward","milliseconds":1.5,)"
      R"("outputs":[{"name":"y","dtype":"float32","shape":[2],"passed":true,"max_abs":0.5,"max_rel":0,)"
      R"("mismatches":0,"index":null,"expected":null,"actual":null,"float64_error":null,)"
      R"("python_float64_error":null,"limit":null,"problem":""}]},)"
      R"({"name":"none","method":"forward","milliseconds":0,"outputs":[]}]})");
}

TEST_CASE("calls from several threads, in words") {
  tsgen::StressReport report{"m.pt", {}, 2, 400, 0, true, ""};
  CHECK(tsgen::to_text(report) ==
        "ok: 400 calls from 2 threads at once, each as one thread alone got it");
  report.compared = false;
  CHECK(stand_in::contains(tsgen::to_text(report), "not compared, since the model keeps state"));
  report.wrong = 3;
  report.problem = "no";
  CHECK(tsgen::to_text(report) == "FAILED: 400 calls from 2 threads at once, 3 wrong: no");
}

TEST_CASE("what a model is, in words and in JSON") {
  tsgen::InfoReport report{"m.pt", {}, "AVX2", {}};
  report.signature = tsgen::parse_signature(
      "tsgen-signature\t2\nmodel\tf.py:M\nmethod\ttrace\ntorch\t2.14.1\nlibrary\tmine\tlibmine.so\nengine\tonednn\ntune\tfreeze\n"
      "cpu_only\tm.py:1: x\ngradients\ttrue\nsetting\tmkldnn\tfalse\n"
      "dim\tN\t2\ninput\tx\ttensor\tfloat32\tN\ninput\tk\tint\t3\ninput\ts\tstr\ta%22\ninput\tf\tfloat\tinf\n"
      "input\td\ttensor?\tint8\t?\n"
      "writes\tinput\tx\nwrites\tstate\tgrid\noutput\t\ttuple\noutput\t0\tconstant\tint\t7\nentry\tpeek\n");
  const auto words = tsgen::to_text(report);
  for (const auto* const line :
       {"input     x float32[N], copied: the call writes into it\n", "input     k int, default 3\n",
        "input     s str, default \"a\\\"\"\n", "output    0 int 7, always\n", "writes    grid\n",
        "example   N = 2\n", "method    peek\n", "operators ops/libmine.so\n", "engine    onednn\n",
        "tuned     freeze, for the CPU alone\n", "setting   mkldnn = false\n",
        "gradients computed in each call\n", "CPU only  m.py:1: x\n",
        "devices   cpu, no CUDA device: "}) {
    CAPTURE(line);
    CHECK_MESSAGE(stand_in::contains(words, line), words);
  }
  const auto json = to_json(report);
  for (
      const auto* const part :
      {R"("writes":["grid"],"libraries":["libmine.so"],"dims":{"N":2})",
       R"({"name":"x","kind":"tensor","dtype":"float32","shape":["N"],"written":true})",
       R"("settings":[{"name":"mkldnn","value":"false"}],"gradients":true,"cpu_only":"m.py:1: x","tune":"freeze",)",
       R"({"name":"k","kind":"int","default":3})", R"({"name":"s","kind":"str","default":"a\""})",
       R"({"name":"f","kind":"float","default":"inf"})",
       R"({"name":"d","kind":"tensor","dtype":"int8","shape":null,"optional":true})",
       R"({"name":"0","kind":"constant","type":"int","value":"7"})",
       R"("methods":{"peek":{"inputs":[])"}) {
    CAPTURE(part);
    CHECK_MESSAGE(stand_in::contains(json, part), json);
  }
}

}  // TEST_SUITE("report")
