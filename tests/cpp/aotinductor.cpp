#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "stand_in/files.hpp"
#include "stand_in/shim.hpp"

#include "tsgen/device.hpp"

#include "core/bind.hpp"
#include "runtimes/aotinductor/container.hpp"
#include "runtimes/aotinductor/cpu.hpp"
#include "runtimes/aotinductor/held.hpp"
#include "runtimes/aotinductor/library.hpp"
#include "runtimes/aotinductor/needs.hpp"
#include "runtimes/aotinductor/section.hpp"
#include "runtimes/aotinductor/values.hpp"

TEST_SUITE("aotinductor") {

namespace {

using stand_in::tensor;
using Answer = std::vector<tsgen::NamedTensor>;

/// The stand-in for a compiled model, loaded, with a behaviour for the time of a test.
struct Compiled {
  explicit Compiled(char behaviour) : chosen(tsgen_stand_in_behaviour = behaviour) {}

  Answer run(const tsgen::Tensor& x) const {
    const auto& forward = signature.forward();
    const Answer inputs = {{"x", x}};
    auto given = tsgen::arguments_of({}, tsgen::bind(forward, inputs, false));
    return tsgen::answers(forward, container->run(std::move(given.tensors)), given.memory,
                          container);
  }

  char chosen;
  tsgen::Source source{std::filesystem::path(TSGEN_COMPILED)};
  tsgen::Library library{source};
  tsgen::Signature signature = tsgen::parse_signature(library.signature());
  std::shared_ptr<const tsgen::Container> container = std::make_shared<const tsgen::Container>(
      source, library, 1, tsgen_stand_in_behaviour == 's' ? 2 : 1);
};

std::vector<float> numbers(const tsgen::Tensor& tensor) {
  const auto* const data = tensor.data_as<float>();
  return {data, data + tensor.size()};
}

}  // namespace

TEST_CASE("an answer is dense, whatever the order of its memory") {
  for (const char behaviour : {'d', 't'}) {
    const Compiled model(behaviour);
    const auto answer = model.run(tensor<float>({3, 2}, {1, 2, 3, 4, 5, 6}));
    CHECK(answer[0].name == "output");
    CHECK(answer[0].tensor.shape() == tsgen::Shape{3, 2});
    CHECK(numbers(answer[0].tensor) == std::vector<float>{2, 4, 6, 8, 10, 12});
  }
}

TEST_CASE("an answer that is an input is a copy") {
  const Compiled model('v');
  std::vector<float> mine = {1, 2};
  const auto answer = model.run(tsgen::Tensor::view(tsgen::DType::float32, {1, 2}, mine.data()));
  mine = {7, 8};
  CHECK(numbers(answer[0].tensor) == std::vector<float>{1, 2});
}

TEST_CASE("what is answered twice is freed twice, and no more") {
  {
    const Compiled model('s');
    std::vector<float> mine = {1, 2};
    const auto x = tsgen::Tensor::view(tsgen::DType::float32, {1, 2}, mine.data());
    const auto answered = model.container->run(tsgen::arguments_of({{"x", x}}, {}).tensors);
    REQUIRE(answered.size() == 2);
    CHECK(answered[0].get() != answered[1].get());
  }
  CHECK(tsgen_stand_in_tensors == 0);
}

TEST_CASE("an answer outlives the model, and then nothing is left") {
  {
    auto model = std::make_unique<Compiled>('d');
    const auto kept = model->run(tensor<float>({1, 2}, {1, 2}));
    const auto next = model->run(tensor<float>({1, 2}, {3, 4}));
    model.reset();
    CHECK(numbers(kept[0].tensor) == std::vector<float>{2, 4});
  }
  CHECK(tsgen_stand_in_tensors == 0);
}

TEST_CASE("the number of threads reaches the model's own loops") {
  const Compiled model('d');
  model.container->use_threads(3);
  CHECK(tsgen_stand_in_threads == 3);
}

TEST_CASE("a failure is a sentence without a path, and leaves no tensor") {
  const auto x = tensor<float>({1, 2}, {1, 2});
  const auto refusal = stand_in::refusal([&] { Compiled('r').run(x); });
  CHECK(stand_in::contains(refusal, "the model raised: input_handles[0]: it does not please"));
  CHECK(!stand_in::contains(refusal, "and more"));
  const auto failure = stand_in::refusal([&] { Compiled('f').run(x); });
  CHECK(stand_in::contains(failure, "its operator aoti_torch_cpu_addmm_out failed"));
  CHECK(!stand_in::contains(failure, "/a/folder"));
  CHECK(tsgen_stand_in_tensors == 0);
}

TEST_CASE("what it does not check itself is checked before it is called") {
  const Compiled model('d');
  const auto tried = [&](const tsgen::Tensor& x) {
    return stand_in::refusal([&] { model.run(x); });
  };
  CHECK(stand_in::contains(tried(tensor<float>({2}, {1, 2})), "the rank must be 2"));
  CHECK(stand_in::contains(tried(tensor<float>({1, 3}, {1, 2, 3})), "dimension 1 must be 2"));
  CHECK(stand_in::contains(tried(tensor<double>({1, 2}, {1, 2})), "the dtype must be float32"));
  CHECK(stand_in::contains(tried(tensor<float>({5, 2}, std::vector<float>(10))),
                           "dimension n must be at least 1 and at most 4, it is 5"));
  CHECK(stand_in::contains(tried(tensor<float>({0, 2}, {})), "it is 0"));
}

TEST_CASE("what is no compiled model is refused") {
  const stand_in::Folder folder;
  const auto opened = [](const std::filesystem::path& file) {
    return stand_in::refusal([&] { tsgen::Library(tsgen::Source(file)).signature(); });
  };
  CHECK(stand_in::contains(opened(folder.write("model.so", "text")), "is not a compiled model"));
  CHECK(stand_in::contains(opened(folder.write("cut.so",
                                               "\x7f"
                                               "ELF")),
                           "is truncated"));
  CHECK(stand_in::contains(opened("/proc/self/exe"), "cannot be loaded"));
  CHECK(stand_in::contains(opened(TSGEN_NO_MODEL), "it has no tsgen_signature"));
  CHECK(stand_in::contains(opened(folder.path() / "none.so"), "does not exist"));
  const std::string text = "bytes";
  const tsgen::ModelBytes bytes{text.data(), text.size()};
  CHECK(stand_in::contains(stand_in::refusal([&] { tsgen::Library{tsgen::Source(bytes)}; }),
                           "a compiled model is a library"));
}

TEST_CASE("a library of another model than its signature is refused") {
  const Compiled model('d');
  const auto made = [&] { tsgen::Container(model.source, model.library, 2, 1); };
  CHECK(stand_in::contains(stand_in::refusal(made),
                           "takes 1 tensors and gives 1, its signature has 2 and 1"));
}

TEST_CASE("what a model keeps begins as its signature says") {
  const auto held = tsgen::held_of(
      "tsgen-signature\t2\nheld\tcell.h%20x\tfloat32\t1,3\t0000803f\nsequence\ttrue\n"
      "held\tat\tint64\t\t0300000000000000\nheld\tboth\tint16\t2\t0100feff\nheld\tnone\tint8\t0\t\n");
  REQUIRE(held.size() == 4);
  CHECK(held[0].name == "cell.h x");
  CHECK(held[0].tensor.shape() == tsgen::Shape{1, 3});
  CHECK(numbers(held[0].tensor) == std::vector<float>{1, 1, 1});
  CHECK(held[1].tensor.shape().empty());
  CHECK(*held[1].tensor.data_as<std::int64_t>() == 3);
  CHECK(held[2].tensor.data_as<std::int16_t>()[0] == 1);
  CHECK(held[2].tensor.data_as<std::int16_t>()[1] == -2);
  CHECK(held[3].tensor.size() == 0);
}

TEST_CASE("what it cannot keep so is refused") {
  const auto read = [](const std::string& line) {
    return stand_in::refusal([&] { tsgen::held_of("held\t" + line); });
  };
  CHECK(stand_in::contains(read("h\tfloat32\t2"), "is told too shortly"));
  CHECK(stand_in::contains(read("h\tfloat\t2\t00"), "has an unknown dtype"));
  CHECK(stand_in::contains(read("h\tint8\tn\t00"), "has a size that is no number"));
  CHECK(stand_in::contains(read("h\tint8\t-1\t00"), "has a size that is no number"));
  CHECK(stand_in::contains(read("h\tint8\t2\t0g"), "no hexadecimal numbers"));
  CHECK(stand_in::contains(read("h\tint8\t3\t0000"), "has 2 bytes, where 3 or 1 were expected"));
}

TEST_CASE("what it keeps has memory of its own, and one size") {
  const auto x = tensor<float>({1, 2}, {1, 2});
  const std::vector<tsgen::NamedTensor> held = {{"h", tensor<float>({1, 2}, {3, 4})}};
  for (const char behaviour : {'d', 't', 'v'}) {
    const Compiled model(behaviour);
    auto given = tsgen::arguments_of(held, {});
    CHECK(given.memory.size() == 1);
    auto answered = model.container->run(std::move(given.tensors));
    const auto kept = tsgen::taken(held, answered);
    CHECK(answered.empty());
    CHECK(kept[0].tensor.data() != given.memory[0].data());
    CHECK(numbers(kept[0].tensor) ==
          (behaviour == 'v' ? std::vector<float>{3, 4} : std::vector<float>{6, 8}));
  }
  const Compiled model('d');
  const std::vector<tsgen::NamedTensor> other = {{"h", tensor<float>({1, 1, 2}, {3, 4})}};
  auto answered = model.container->run(tsgen::arguments_of(held, {}).tensors);
  CHECK(stand_in::contains(stand_in::refusal([&] { tsgen::taken(other, answered); }),
                           "what it keeps as h is no longer float32[1,1,2]"));
}

TEST_CASE("a library for another machine is refused and not opened") {
  const auto refusal = stand_in::refusal(
      [&] { tsgen::Library{tsgen::Source(std::filesystem::path(TSGEN_FOREIGN))}; });
  CHECK(stand_in::contains(refusal, "was compiled for vax, and this is "));
  CHECK(stand_in::contains(refusal, "without --packaged"));
}

TEST_CASE("what a library needs is held against the CPU and the LibTorch") {
  tsgen::Cpu all;
  all.words.fill(~0U);
  all.kept = ~0ULL;
  const auto tried = [](const std::string& features, const std::string& torch,
                        const tsgen::Cpu& cpu) {
    const auto text = "tsgen-signature\t2\ntorch\t" + torch + "\nneeds\t" +
                      std::string(tsgen::this_machine()) + "\tAVX512 AVX512_VNNI\t" + features +
                      '\n';
    return stand_in::refusal([&] { tsgen::require_fit("model m.so", text, cpu); });
  };
  const auto here = tsgen::libtorch_version();
  CHECK(tried("avx2,avx512f,amx-tile", here + "+cu130", all) == "nothing was thrown");
  CHECK(stand_in::contains(
      tried("sse3,avx512f", here, tsgen::Cpu{}),
      "model m.so was compiled for CPUs with AVX512 AVX512_VNNI, and this CPU has no sse3, avx512f"));
  CHECK(stand_in::contains(tried("avx2,sse17", here, all), "this CPU has no sse17"));
  CHECK(stand_in::contains(tried("avx2", "1.0.0", all),
                           "was compiled for LibTorch 1.0.0, and this program has " + here));
  auto without_registers = all;
  without_registers.kept = 0x6;  // a system that keeps AVX's and no more
  CHECK(tried("avx2,fma", here, without_registers) == "nothing was thrown");
  CHECK(stand_in::contains(tried("avx2,avx512f", here, without_registers), "has no avx512f |"));
}

TEST_CASE("this CPU has what the system says that it has") {
  const auto cpuinfo = stand_in::content_of("/proc/cpuinfo");
  const auto at = cpuinfo.find("flags\t");
  if (at == std::string::npos) return;
  const auto flags = cpuinfo.substr(at, cpuinfo.find('\n', at) - at) + ' ';
  for (const std::string name : {"ssse3", "fma", "movbe", "popcnt", "avx", "f16c", "avx2", "bmi2",
                                 "avx512f", "avx512vl", "avx512bw", "lahf_lm"}) {
    INFO(name);
    const bool here = flags.find(' ' + name + ' ') != std::string::npos;
    CHECK(tsgen::missing(name, tsgen::this_cpu()).empty() == here);
  }
}

TEST_CASE("a section is read from whole files alone") {
  const stand_in::Folder folder;
  const auto whole = stand_in::content_of(TSGEN_FOREIGN);
  const auto found = [&](const std::string& content) {
    return tsgen::section(tsgen::Source(folder.write("a.so", content)), ".tsgen");
  };
  REQUIRE(found(whole));
  CHECK(stand_in::contains(*found(whole), "needs\tvax\tVAX\t\n"));
  for (std::size_t size = 0; size < whole.size(); size += 97) CHECK(!found(whole.substr(0, size)));
  for (const std::size_t at : {0x28, 0x2f, 0x3a, 0x3c, 0x3f}) {
    auto broken = whole;
    broken[at] = '\xff';
    found(broken);  // whatever it is, it is no crash
  }
  CHECK(!tsgen::section(tsgen::Source(std::filesystem::path(TSGEN_COMPILED)), ".tsgen"));
}

}  // TEST_SUITE("aotinductor")
