// What goes into a typed model and comes out of it again; tsgen::Model is a stand-in that gives back
// what it gets, without LibTorch.
#include <array>
#include <cmath>
#include <functional>
#include <iostream>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "my-app/model.hpp"

using Leaves = std::vector<tsgen::NamedTensor>;

std::function<void(Leaves&)> change = [](Leaves&) {};
std::string called;
Leaves sent;

namespace tsgen {
inline namespace TSGEN_ABI {
struct Model::Implementation {};
Model::Model(const std::filesystem::path&, const LoadOptions&) {}
Model::Model(ModelBytes, const LoadOptions&) {}
Model::Model(std::istream&, const LoadOptions&) {}
void Model::require(std::string_view) const {}
std::vector<NamedTensor> Model::run(const std::vector<NamedTensor>& inputs) const {
  Leaves leaves = inputs;
  change(leaves);
  return leaves;
}
std::vector<NamedTensor> Model::run(std::string_view method, const Leaves& inputs) const {
  called = method;
  sent = inputs;
  return {{"output", inputs.at(0).tensor}};
}
}  // namespace TSGEN_ABI
}  // namespace tsgen

namespace {

int failed = 0;

void check(bool holds, const char* what) {
  if (holds) return;
  std::cout << "wrong: " << what << '\n';
  ++failed;
}

std::string names(const Leaves& leaves) {
  std::string text;
  for (const auto& leaf : leaves) text += (text.empty() ? "" : " ") + leaf.name;
  return text;
}

const std::array<float, 4> numbers = {1, 2, 3, 4};
const std::int64_t whole = 7;
const std::uint8_t byte = 9;

my_app::Inputs inputs() {
  my_app::Inputs made;
  made.x = {numbers, {4}};
  made.k = -3;
  made.scale = 0.25;
  made.flag = true;
  made.mode = "größe";
  made.states[0] = {numbers.data(), {2}};
  made.states[1] = {numbers.data() + 2, {2}};
  made.pair = {{numbers.data() + 3, {}}, {&byte, {}}};
  return made;
}

void nothing_optional(const my_app::Model& model) {
  std::string given;
  change = [&](Leaves& leaves) { given = names(leaves); };
  const auto outputs = model(inputs());
  check(given == "x k scale flag mode states.0 states.1 pair.0 pair.1",
        "the names of what is there");
  check(outputs.x.size() == 4 && outputs.x[3] == 4.0F, "a tensor");
  check(outputs.k == -3 && outputs.scale == 0.25 && outputs.flag, "numbers");
  check(outputs.mode == "größe", "a text");
  check(!outputs.mask && !outputs.crop, "what is left out");
  check(outputs.boxes.empty() && outputs.ragged.empty() && outputs.flags.empty(), "empty lists");
  check(outputs.states[1][0] == 3.0F, "an array");
  check(outputs.pair.item_0[0] == 4.0F && outputs.pair.item_1[0] == 9, "a tuple");
}

void everything(const my_app::Model& model) {
  std::string given;
  change = [&](Leaves& leaves) { given = names(leaves); };
  const std::array<bool, 2> mask = {true, false};
  auto all = inputs();
  all.mask = {mask, {2}};
  all.crop.emplace();
  all.crop->top = 5;
  all.boxes.push_back({{numbers, {4}}, 11});
  all.boxes.push_back({{numbers, {4}}, std::nullopt});
  all.ragged.resize(3);
  all.ragged[0].push_back({&whole, {}});
  all.ragged[2].assign(2, {&whole, {}});
  all.flags = {true, false};
  all.words = {"", "b"};
  const auto outputs = model(all);
  check(given ==
            "x k scale flag mode mask crop.top boxes.0.corners boxes.0.label boxes.1.corners "
            "ragged.0.0 ragged.2.0 ragged.2.1 states.0 states.1 pair.0 pair.1 flags.0 flags.1 "
            "words.0 words.1",
        "the names of all");
  check(outputs.mask && outputs.mask->size() == 2 && !(*outputs.mask)[1], "an optional tensor");
  check(outputs.crop && outputs.crop->top == 5, "an optional struct");
  check(outputs.boxes.size() == 2 && outputs.boxes[1].corners[3] == 4.0F, "a list of structs");
  check(outputs.boxes[0].label == 11 && !outputs.boxes[1].label, "an optional field of an element");
  check(outputs.ragged.size() == 3 && outputs.ragged[1].empty() && outputs.ragged[2].size() == 2,
        "an empty list between others");
  check(outputs.flags == std::vector<bool>{true, false}, "a list of bool");
  check(outputs.words == std::vector<std::string>{"", "b"}, "a list of texts");
}

std::string refusal(const my_app::Model& model) {
  auto all = inputs();
  all.boxes.push_back({{numbers, {4}}, 11});
  try {
    model(all);
  } catch (const my_app::Error& error) {
    return error.what();
  }
  return "nothing was refused";
}

void wrong_answers(const my_app::Model& model) {
  change = [](Leaves& leaves) { leaves.erase(leaves.begin()); };
  check(refusal(model) == "the model's answer has no output x", "a missing tensor");
  change = [](Leaves& leaves) { leaves[5].name = "boxes.0.corner"; };
  check(refusal(model) == "the model's answer has no output boxes.0.corners", "a missing field");
  change = [](Leaves& leaves) {
    leaves[1].tensor = tsgen::Tensor::view(tsgen::DType::int64, {1, 2}, numbers.data());
  };
  check(refusal(model) == "output k: expected one number, got int64[1,2]", "two numbers for one");
  change = [](Leaves& leaves) { leaves[1].tensor = leaves[0].tensor; };
  check(refusal(model) == "expected a tensor of int64, got float32[4]", "another dtype");
}

void method(const my_app::Model& model) {
  my_app::AgainInputs again;
  again.x = {numbers, {1, 4}};
  check(model.again(again)[2] == 3.0F && called == "again", "an exported method");
}

template <typename T>
T sent_number(std::size_t index) {
  return *sent.at(index).tensor.data_as<T>();
}

void defaults(const my_app::Model& model) {
  my_app::DefaultsInputs given;
  given.how.name = "n";
  given.both = {0.5, 2};
  model.defaults(given);
  check(names(sent) == "k low eps far deep no flip mode empty bias size.0 size.1 how.scale "
                       "how.name both.0 both.1",
        "the names of what has a default");
  check(sent_number<std::int64_t>(0) == 3, "an int of Python's");
  check(sent_number<std::int64_t>(1) == std::numeric_limits<std::int64_t>::min(), "the least int");
  check(sent_number<double>(2) == 1e-05, "a float of Python's");
  check(std::isinf(sent_number<double>(3)) && sent_number<double>(4) < -1e308, "infinities");
  check(std::isnan(sent_number<double>(5)), "not a number");
  check(sent_number<bool>(6), "a bool of Python's");
  check(given.mode == std::string("a\"?\\") + '\0' + "ß\n" && given.empty.empty(), "texts of Python's");
  check(sent_number<std::int64_t>(9) == 7, "an optional number of Python's");
  check(sent_number<std::int64_t>(11) == 5, "an array of Python's");
  check(sent_number<double>(12) == 0.1 && sent_number<double>(15) == 2, "a field of Python's");
  given.bias.reset();
  given.k = 4;
  model.defaults(given);
  check(sent.size() == 15 && sent_number<std::int64_t>(0) == 4, "what the caller says instead");
}

template <typename Call>
std::string said(const Call& call) {
  try {
    call();
  } catch (const my_app::Error& error) {
    return error.what();
  }
  return "nothing was refused";
}

void what_was_not_set(const my_app::Model& model) {
  auto all = inputs();
  all.scale = {};
  check(said([&] { model(all); }) == "input scale is not set", "a number that nobody set");
  all = inputs();
  all.crop.emplace();
  check(said([&] { model(all); }) == "input crop.top is not set", "a field that nobody set");
  my_app::DefaultsInputs given;
  given.how.name = "n";
  given.both[0] = 1;
  check(said([&] { model.defaults(given); }) == "input both.1 is not set", "half of an array");
  check(said([&] { static_cast<void>(given.both[1].value()); }) == "an input is not set",
        "reading what nobody set");
}

}  // namespace

int main() {
  const my_app::Model model("no file");
  nothing_optional(model);
  everything(model);
  wrong_answers(model);
  method(model);
  defaults(model);
  what_was_not_set(model);
  std::cout << failed << " wrong\n";
  return failed;
}
