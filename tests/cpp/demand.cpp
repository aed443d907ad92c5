#include "runner/demand.hpp"

#include <doctest/doctest.h>

#include "stand_in/files.hpp"
#include "stand_in/runtime.hpp"

TEST_SUITE("demand") {

namespace {

using tsgen::demand_for;
using tsgen::Device;
using tsgen::DType;

/// Cases of this very machine, as far as the index says; its CPU is read off the refusal.
tsgen::CaseIndex cases_of_here() {
  tsgen::set_thread_count(1);
  tsgen::CaseIndex index;
  index.torch_version = "2.14.1+cu130";
  index.cpu = "another";
  index.exact = true;
  const auto reason = demand_for(index, {}).reason;
  const std::string label = ", this is ";
  const auto at = reason.find(label);
  if (at != std::string::npos) index.cpu = reason.substr(at + label.size());
  return index;
}

}  // namespace

TEST_CASE("equal numbers are asked for where the same kernels run") {
  const auto index = cases_of_here();
  REQUIRE(stand_in::contains(index.cpu, "/STANDIN"));
  const auto demand = demand_for(index, {});
  CHECK(demand.exact);
  CHECK(demand.reason == "");
}

TEST_CASE("a runtime that computes in another order is never asked for equal numbers") {
  const auto index = cases_of_here();
  stand_in::machine().runtime.inexact = "it adds up in another order";
  const auto demand = demand_for(index, {});
  stand_in::machine() = {};
  CHECK(!demand.exact);
  CHECK(demand.reason == "it adds up in another order");
}

TEST_CASE("a tolerance is asked for elsewhere, for a reason") {
  auto index = cases_of_here();
  CHECK(demand_for(index, {Device::Kind::cuda, 1}).reason == "device cuda:1");
  index.torch_version = "2.1.0";
  CHECK(demand_for(index, {}).reason == "cases of torch 2.1.0, LibTorch 2.14.1+cpu");
  index = cases_of_here();
  index.threads = 3;
  CHECK(demand_for(index, {}).reason == "3 threads");
  index = cases_of_here();
  index.cpu = "";
  CHECK(demand_for(index, {}).reason == "unknown CPU");
  index.cpu = "a/b/AVX2";
  CHECK(
      stand_in::contains(demand_for(index, {}).reason, "cases of another CPU: a/b/AVX2, this is "));
  index = cases_of_here();
  index.exact = false;
  const auto demand = demand_for(index, {});
  CHECK_FALSE(demand.exact);
  CHECK(demand.reason == "the exported module is not bit-exact in Python either");
}

TEST_CASE("more threads inside an operator add up in another order") {
  const auto index = cases_of_here();
  tsgen::set_thread_count(2);
  CHECK(demand_for(index, {}).reason == "2 threads");
  tsgen::set_thread_count(1);
}

TEST_CASE("only real numbers have a tolerance") {
  tsgen::CaseIndex index;
  index.tolerances[DType::float32] = {1e-3, 1e-5};
  const tsgen::Demand loose{false, "somewhere else"};
  CHECK(tolerance_for(loose, index, DType::float32)->relative == 1e-3);
  CHECK_FALSE(tolerance_for(loose, index, DType::int64));
  CHECK_FALSE(tolerance_for(loose, index, DType::boolean));
  CHECK_FALSE(tolerance_for({true, ""}, index, DType::float64));
  CHECK(
      stand_in::contains(stand_in::refusal([&] { tolerance_for(loose, index, DType::complex64); }),
                         "no tolerance for complex64"));
}

}  // TEST_SUITE("demand")
