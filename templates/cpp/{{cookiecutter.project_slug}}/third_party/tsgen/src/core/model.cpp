// SPDX-License-Identifier: 0BSD
#include "tsgen/model.hpp"

#include <iterator>
#include <mutex>
#include <optional>
#include <string>

#include "tsgen/example.hpp"

#include "core/check.hpp"
#include "core/runtime.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

struct Model::Implementation {
  explicit Implementation(std::unique_ptr<const LoadedModel> model) : loaded(std::move(model)) {}

  template <typename Action>
  auto in_turn(const Entry& entry, const std::vector<NamedTensor>& inputs,
               const Action& action) const {
    const auto& signature = loaded->signature();
    const auto slots = bind(entry, inputs, signature.has_state());
    // A call that writes the model's own memory must be alone with it until its answer is copied.
    std::optional<std::lock_guard<std::mutex>> alone;
    if (signature.has_state()) alone.emplace(turn);
    return action(static_cast<std::size_t>(&entry - signature.entries.data()), slots);
  }

  std::vector<NamedTensor> call(const Entry& entry, const std::vector<NamedTensor>& inputs) const {
    return in_turn(entry, inputs, [this](std::size_t index, const std::vector<Slot>& slots) {
      return loaded->call(index, slots);
    });
  }

  void warm_up(const Entry& entry, const std::vector<NamedTensor>& inputs) const {
    in_turn(entry, inputs, [this](std::size_t index, const std::vector<Slot>& slots) {
      loaded->warm_up(index, slots);
    });
  }

  std::unique_ptr<const LoadedModel> loaded;
  mutable std::mutex turn;
};

namespace {

std::string read_all(std::istream& file) {
  if (!file) throw Error("the model's stream cannot be read", "check that its file was opened");
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

Model::Model(const std::filesystem::path& file, const LoadOptions& options)
    : implementation_(std::make_shared<const Implementation>(load_model(Source(file), options))) {}

Model::Model(ModelBytes bytes, const LoadOptions& options)
    : implementation_(std::make_shared<const Implementation>(load_model(Source(bytes), options))) {}

Model::Model(std::istream& file, const LoadOptions& options) {
  const auto content = read_all(file);
  const ModelBytes bytes{content.data(), content.size()};
  implementation_ = std::make_shared<const Implementation>(load_model(Source(bytes), options));
}

const Signature& Model::signature() const noexcept { return implementation_->loaded->signature(); }

std::vector<NamedTensor> Model::run(const std::vector<NamedTensor>& inputs) const {
  return implementation_->call(signature().forward(), inputs);
}

std::vector<NamedTensor> Model::run(std::string_view method,
                                    const std::vector<NamedTensor>& inputs) const {
  return implementation_->call(signature().entry(method), inputs);
}

void Model::warm_up() const { warm_up(ones(signature())); }

void Model::warm_up(const std::vector<NamedTensor>& inputs) const {
  implementation_->warm_up(signature().forward(), inputs);
}

void Model::warm_up(std::string_view method, const std::vector<NamedTensor>& inputs) const {
  implementation_->warm_up(signature().entry(method), inputs);
}

void Model::require(std::string_view expected) const {
  check_same_lines(expected, signature().lines);
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
