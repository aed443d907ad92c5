#include <doctest/doctest.h>

#include <string>

#include "stand_in/files.hpp"
#include "tsgen/model.hpp"
#include "tsgen/signature.hpp"

#include "core/utf8.hpp"

TEST_SUITE("names") {

TEST_CASE("any name makes the way to a file's name and back") {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  CHECK(tsgen::decode_name(tsgen::encode_name(all)) == all);
  CHECK(tsgen::encode_name("a b/größe.0_-") == "a%20b%2Fgr%C3%B6%C3%9Fe.0_-");
  CHECK(tsgen::encode_name("") == "");
}

TEST_CASE("what is no encoded name") {
  for (const std::string name : {"%", "%2", "a%2", "%2f", "%zz", "%%20", "%-1"}) {
    CAPTURE(name);
    CHECK(stand_in::contains(stand_in::refusal([&] { tsgen::decode_name(name); }),
                             "is not an encoded name"));
  }
}

TEST_CASE("the model of a program that has none says where it was looked for") {
  const auto said = stand_in::refusal([] { tsgen::default_model("größe", "no-such.pt"); });
  CHECK(
      stand_in::contains(said, "no model was given and none belongs to this program: looked at "));
  CHECK(stand_in::contains(said, "share/größe/model/no-such.pt"));
  CHECK(stand_in::contains(said, " | give a model file, or run tsgen build"));
}

TEST_CASE("the model beside the program is found, and first") {
  const auto folder = std::filesystem::canonical("/proc/self/exe").parent_path();
  const auto file = folder / "model" / "tsgen-names-test.pt";
  std::filesystem::create_directories(file.parent_path());
  std::filesystem::create_directory(file);
  CHECK(tsgen::default_model("any", "tsgen-names-test.pt") == file);
  std::filesystem::remove(file);
}

TEST_CASE("devices") {
  using tsgen::Device;
  CHECK(tsgen::to_string(Device::parse("cpu")) == "cpu");
  CHECK(tsgen::to_string(Device::parse("cuda")) == "cuda:0");
  CHECK(tsgen::to_string(Device::parse("cuda:17")) == "cuda:17");
  for (const auto* const name : {"", "CPU", "cpu:0", "cuda:", "cuda:-1", "cuda:128", "cuda:1 ",
                                 "cuda:99999999999999999999", "xla"}) {
    CAPTURE(name);
    CHECK(stand_in::contains(stand_in::refusal([&] { Device::parse(name); }),
                             "| the devices are cpu, cuda and cuda:N"));
  }
}

}  // TEST_SUITE("names")
