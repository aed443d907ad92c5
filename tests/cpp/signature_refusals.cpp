#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "stand_in/files.hpp"
#include "tsgen/signature.hpp"

TEST_SUITE("signature_refusals") {

namespace {

std::string refused(const std::string& text) {
  return stand_in::refusal([&] { tsgen::parse_signature(text); });
}

}  // namespace

TEST_CASE("another format") {
  CHECK(stand_in::contains(refused(""), "does not begin with \"tsgen-signature\""));
  CHECK(stand_in::contains(refused("tsgen-signature"), "a line \"tsgen-signature\" is too short"));
  CHECK(stand_in::contains(refused("tsgen-signature\t3\n"), "it has format 3"));
  CHECK(stand_in::contains(refused("tsgen-signature\t\n"), "it has format ,"));
  CHECK(stand_in::contains(refused("tsgen-cases\t1\n"), "does not begin"));
}

TEST_CASE("each says what is wrong, and what to do") {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"model", "a line \"model\" is too short"},
      {"library\tmine", "too short"},
      {"dim\tN", "too short"},
      {"tune", "too short"},
      {"tune\tfast", "it is tuned by \"fast\", which this program cannot do"},
      {"dim\tN\tmany", "the size of dimension N is no number"},
      {"dim\tN\t-1", "the size of dimension N is no number"},
      {"dim\tN\t99999999999999999999", "is no number"},
      {"library\tmine\tlibmine.so\tscale", "is no name of an operator"},
      {"library\tmine\tlibmine.so\tmine::scale\tmine::", "is no name of an operator"},
      {"library\tmine\tlibmine.so\tmine::a::b", "is no name of an operator"},
      {"library\tmine\t../evil.so", "is no name of a library's file"},
      {"library\tmine\t", "is no name of a library's file"},
      {"library\tmine\tC:evil.dll", "is no name of a library's file"},
      {"library\tmine\ta\\b", "is no name of a library's file"},
      {"select\t", "selects no element of a tuple"},
      {"select\t1..0", "selects no element of a tuple"},
      {"select\t-1", "selects no element of a tuple"},
      {"select\t9999999", "selects no element of a tuple"},
      {"writes", "too short"},
      {"writes\tstate", "too short"},
      {"writes\tinput", "too short"},
      {"writes\tstate\t%4", "is not an encoded name"},
      {"writes\tinput\t%zz", "is not an encoded name"},
      {"input", "too short"},
      {"input\tx", "too short"},
      {"input\t%\tint", "is not an encoded name"},
      {"input\tx\tmatrix", "unknown kind \"matrix\""},
      {"input\tx\t?", "unknown kind \"\""},
      {"input\tx\t", "unknown kind \"\""},
      {"input\tx\ttensor", "too short"},
      {"input\tx\ttensor\tfloat32", "too short"},
      {"input\tx\ttensor\tfloat7\t", "unknown dtype \"float7\""},
      {"input\tx\ttensor\tint8\t2,", "is neither a size nor a name"},
      {"input\tx\ttensor\tint8\t-2", "is neither a size nor a name"},
      {"input\tx\ttensor\tint8\t2N", "is neither a size nor a name"},
      {"input\tx\ttensor\tint8\tN", "dimension N of input x has no example size"},
      {"input\tx\tint\tthree", "the default of x is no int"},
      {"input\tx\tint\t1.0", "the default of x is no int"},
      {"input\tx\tint\t", "the default of x is no int"},
      {"input\tx\tfloat\t1,5", "the default of x is no float"},
      {"input\tx\tbool\tTrue", "the default of x is no bool"},
      {"input\tx\tstr\t%FF", "the default of x is no str"},
      {"input\tx\tconstant", "too short"},
      {"input\tx\tconstant\tint", "too short"},
      {"input\ta.b\tint", "the group of \"a.b\" is missing"},
      {"input\ta\tint\ninput\ta.b\tint", "\"a\" cannot hold \"a.b\""},
      {"input\ta\tlist\ninput\tb.c\tint", "the group of \"b.c\" is missing"},
      {"input\ta\tlist\ninput\ta.*\tint\ninput\ta.*\tint", "\"a\" cannot hold \"a.*\""},
      {"input\ta\tconstant\tint\t3\ninput\ta.b\tint", "\"a\" cannot hold \"a.b\""},
      {"output\toutput\tint\noutput\t0\tint", "the group of \"0\" is missing"},
      {"output\t\tint\noutput\t0\tint", "\"\" cannot hold \"0\""},
      {"entry", "too short"},
  };
  for (const auto& [line, why] : wrong) {
    CAPTURE(line);
    const auto said = refused("tsgen-signature\t2\n" + line);
    CHECK_MESSAGE(stand_in::contains(said, why), said);
    CHECK_MESSAGE(stand_in::contains(said, " | export the model again"), said);
  }
}

}  // TEST_SUITE("signature_refusals")
