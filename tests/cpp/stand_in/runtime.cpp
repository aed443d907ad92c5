#include "stand_in/runtime.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <iterator>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tsgen/device.hpp"
#include "tsgen/error.hpp"

#include "core/buffer.hpp"
#include "core/check.hpp"
#include "core/runtime.hpp"
#include "core/text.hpp"

namespace stand_in {

std::string model_text(std::string_view behaviour, std::string_view signature_lines) {
  std::string text = "stand-in\t";
  return text.append(behaviour).append("\ntsgen-signature\t2\n").append(signature_lines);
}

Machine& machine() {
  static Machine here;
  return here;
}

std::atomic<int> calls = 0;
std::atomic<bool> was_lent = false;

}  // namespace stand_in

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

using Answer = std::vector<NamedTensor>;

class StandIn : public LoadedModel {
 public:
  StandIn(std::string behaviour, Signature signature)
      : behaviour_(std::move(behaviour)), signature_(std::move(signature)) {}

  const Signature& signature() const noexcept override { return signature_; }

  Answer call(std::size_t entry, const std::vector<Slot>& slots) const override {
    ++stand_in::calls;
    const auto& output = signature_.entries[entry].output;
    if (behaviour_ == "echo") return echo(output, slots);
    const auto& slot = slots.front();
    stand_in::was_lent = slot.lend;
    if (behaviour_ == "raise") throw Error("the model raised: no", "try it in Python");
    if (behaviour_ == "break") throw std::runtime_error("broken");
    if (behaviour_ == "together") return {{output.name, together()}};
    if (behaviour_ == "count") return {{output.name, counted()}};
    if (behaviour_ == "write") return {{output.name, written(slot)}};
    if (behaviour_ == "slow") std::this_thread::sleep_for(std::chrono::milliseconds(60));
    return {{output.name, doubled(*slot.tensor)}};
  }

  void warm_up(std::size_t entry, const std::vector<Slot>& slots) const override {
    const auto before = state_;
    for (int i = 0; i < stand_in::calls_until_steady; ++i) call(entry, slots);
    state_ = before;
  }

 private:
  static void append_names(const Node& node, std::vector<std::string>& names) {
    if (node.is_leaf()) names.push_back(node.name);
    for (const auto& child : node.children) append_names(child, names);
  }

  static Answer echo(const Node& output, const std::vector<Slot>& slots) {
    std::vector<std::string> names;
    append_names(output, names);
    Answer answer;
    for (const auto& slot : slots)
      if (slot.tensor != nullptr && answer.size() < names.size())
        answer.push_back({names[answer.size()], copy_of(*slot.tensor)});
    return answer;
  }

  Tensor doubled(const Tensor& input) const {
    const auto* const values = input.data_as<float>();
    if (input.size() > scratch_.size())
      throw Error("the stand-in's scratch memory is small", "give fewer numbers");
    for (std::size_t i = 0; i < input.size(); ++i) scratch_[i] = values[i] * 2;
    const auto view = Tensor::view(DType::float32, input.shape(), scratch_.data());
    return behaviour_ == "view" && !signature_.has_state() ? view : copy_of(view);
  }

  /// As LibTorch does: what is lent is the caller's own memory, whatever const says.
  static Tensor written(const Slot& slot) {
    const auto own = slot.lend ? *slot.tensor : copy_of(*slot.tensor);
    auto* const values = static_cast<float*>(const_cast<void*>(own.data()));
    for (std::size_t i = 0; i < own.size(); ++i) values[i] *= 2;
    return copy_of(own);
  }

  Tensor together() const {
    const int before = inside_++;
    bool met = before > 0;
    for (int i = 0; i < 200 && !met; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      met = inside_ > 1;
    }
    // Whoever came second leaves late enough to be seen.
    if (before > 0) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    --inside_;
    const float value = met ? 1 : 0;
    return copy_of(Tensor::view(DType::float32, {}, &value));
  }

  Tensor counted() const {
    const float value = ++state_;
    return copy_of(Tensor::view(DType::float32, {}, &value));
  }

  std::string behaviour_;
  Signature signature_;
  mutable float state_ = 0;
  /// Of one size: two threads that write it get wrong numbers, and can break nothing else.
  mutable std::array<float, 4096> scratch_{};
  mutable std::atomic<int> inside_ = 0;
};

}  // namespace

std::unique_ptr<const LoadedModel> load_model(const Source& source, const LoadOptions& options) {
  check_readable(source);
  const auto stream = source.open();
  const std::string text(std::istreambuf_iterator<char>(*stream), {});
  const auto line = text.substr(0, text.find('\n'));
  const auto fields = split(line, '\t');
  if (line.size() == text.size() || fields.size() != 2 || fields[0] != "stand-in")
    throw Error(source.subject() + " is no model of the stand-in", "begin it with its name");
  if (options.device.kind == Device::Kind::cuda && cuda_status().devices == 0)
    throw Error("no CUDA device: " + cuda_status().problem, cuda_status().hint);
  return std::make_unique<const StandIn>(
      std::string(fields[1]), parse_signature(std::string_view(text).substr(line.size() + 1)));
}

const RuntimeFacts& runtime_facts() noexcept { return stand_in::machine().runtime; }

std::string libtorch_version() { return stand_in::machine().version; }
std::string cpu_capability() { return stand_in::machine().capability; }

namespace {
std::atomic<int> threads = 4;
}  // namespace
int thread_count() { return threads; }
void set_thread_count(int count) { threads = count; }
void forbid_tf32() { stand_in::machine().tf32 = false; }

const CudaStatus& cuda_status() {
  static thread_local CudaStatus status;
  const auto devices = stand_in::machine().devices;
  status = devices > 0 ? CudaStatus{CudaStatus::State::ready, devices, "", ""}
                       : CudaStatus{CudaStatus::State::absent, 0, "a stand-in", "use the cpu"};
  return status;
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
