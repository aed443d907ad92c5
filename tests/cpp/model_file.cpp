#include <doctest/doctest.h>

#include <array>
#include <filesystem>
#include <memory>
#include <sstream>

#include "stand_in/files.hpp"
#include "stand_in/runtime.hpp"
#include "tsgen/model.hpp"

#include "core/source.hpp"

TEST_SUITE("model_file") {

namespace {

using stand_in::contains;
using stand_in::model_text;
using stand_in::refusal;
using tsgen::Model;
using tsgen::ModelBytes;

const std::string lines =
    "input\tx\ttensor\tfloat32\t2\noutput\ty\ttensor\tfloat32\t2\nentry\tpeek\ninput\tx\ttensor\tfloat32\t2\noutput\tz\ttensor\tfloat32\t2\n";

ModelBytes bytes_of(const std::string& text) { return {text.data(), text.size()}; }

float first(const std::vector<tsgen::NamedTensor>& answer) {
  return answer.at(0).tensor.data_as<float>()[0];
}

}  // namespace

TEST_CASE("from a path, from bytes and from a stream it is the same model") {
  const stand_in::Folder folder;
  const auto text = model_text("scratch", lines);
  const auto file = folder.write("größe 模型.pt", text);
  std::istringstream stream("before" + text);
  stream.ignore(6);
  const std::vector<tsgen::NamedTensor> inputs = {{"x", stand_in::tensor<float>({2}, {3, 4})}};
  for (const auto& model : {Model(file), Model(bytes_of(text)), Model(stream)}) {
    CHECK(first(model.run(inputs)) == 6);
    CHECK(model.signature().entries.size() == 2);
  }
}

TEST_CASE("no path and a stream that was not opened are told as what they are") {
  std::istringstream stream;
  stream.setstate(std::ios::failbit);
  CHECK(contains(refusal([] { Model(std::filesystem::path()); }), "the model's path is empty"));
  CHECK(contains(refusal([&] { Model{stream}; }), "the model's stream cannot be read"));
  CHECK(contains(refusal([] { Model(ModelBytes{}); }), "model in memory (0 bytes) is empty"));
}

TEST_CASE("bytes are not needed once the model is loaded") {
  auto text = std::make_unique<std::string>(model_text("echo", lines));
  const Model model(bytes_of(*text));
  text.reset();
  const auto answer = model.run("peek", {{"x", stand_in::tensor<float>({2}, {3, 4})}});
  CHECK(answer.at(0).name == "z");
  CHECK(first(answer) == 3);
}

TEST_CASE("an answer is the caller's: it outlives the model and the next call") {
  auto model =
      std::make_unique<Model>(bytes_of(model_text("view", lines + "writes\tstate\tscratch\n")));
  const auto kept = model->run({{"x", stand_in::tensor<float>({2}, {3, 4})}});
  model->run({{"x", stand_in::tensor<float>({2}, {7, 7})}});
  model.reset();
  CHECK(first(kept) == 6);
}

TEST_CASE("an input that the call writes into stays as it was, and no other is copied") {
  const std::array<float, 2> constant = {3, 4};
  const auto given = tsgen::Tensor::view(tsgen::DType::float32, {2}, constant.data());
  const Model writes(bytes_of(model_text("write", "writes\tinput\tx\n" + lines)));
  CHECK(first(writes.run({{"x", given}})) == 6);
  CHECK(constant[0] == 3);
  CHECK_FALSE(stand_in::was_lent);
  const Model reads(bytes_of(model_text("scratch", lines)));
  reads.run({{"x", given}});
  CHECK(stand_in::was_lent);
}

TEST_CASE("inputs are checked before the model sees them") {
  const Model model(bytes_of(model_text("scratch", lines)));
  const auto before = stand_in::calls.load();
  CHECK(contains(refusal([&] { model.run({}); }), "input x is missing"));
  CHECK(contains(refusal([&] { model.run("poke", {}); }), "the model has no method poke"));
  CHECK(stand_in::calls == before);
}

TEST_CASE("a typed API is for one signature") {
  const Model model(bytes_of(model_text("echo", lines)));
  CHECK_NOTHROW(model.require(lines));
  CHECK(contains(refusal([&] { model.require(""); }), "the model is another one"));
}

TEST_CASE("what cannot be loaded is named") {
  const stand_in::Folder folder;
  const auto refused = [](const std::filesystem::path& path) {
    return refusal([&] { Model{path}; });
  };
  CHECK(contains(refused(folder.path() / "no.pt"),
                 "no.pt does not exist | give the path of an exported model"));
  CHECK(contains(refused(folder.path()), " is not a file"));
  CHECK(contains(refused(folder.write("empty.pt", "")),
                 "empty.pt is empty | export or copy the model again"));
  CHECK(contains(refusal([] { Model(ModelBytes{}); }), "model in memory (0 bytes) is empty"));
  CHECK(contains(refusal([] { Model(ModelBytes{"no model", 8}); }),
                 "model in memory (8 bytes) is no model"));
  std::istringstream nothing;
  CHECK(contains(refusal([&] { Model{nothing}; }), "model in memory (0 bytes) is empty"));
  CHECK(contains(refusal([] { Model(bytes_of(model_text("echo", "input\tx")), tsgen::Device{}); }),
                 "is too short"));
  CHECK(contains(
      refusal([&] { Model(bytes_of(model_text("echo", lines)), tsgen::Device::parse("cuda")); }),
      "no CUDA device: a stand-in"));
}

TEST_CASE("memory is read as a file is: from anywhere") {
  const std::string text = "0123456789";
  const auto stream = tsgen::Source(ModelBytes{text.data(), text.size()}).open();
  stream->seekg(-3, std::ios::end);
  CHECK(stream->tellg() == 7);
  CHECK(stream->get() == '7');
  stream->seekg(-2, std::ios::cur);
  CHECK(stream->get() == '6');
  stream->seekg(10);
  CHECK(stream->peek() == EOF);
  stream->clear();
  for (const auto outside : {-2, -1, 11}) {
    stream->seekg(outside);
    CHECK(stream->fail());
    stream->clear();
  }
  stream->seekg(0);
  std::string all(10, ' ');
  CHECK(stream->read(all.data(), 10).gcount() == 10);
  CHECK(all == text);
}

}  // TEST_SUITE("model_file")
