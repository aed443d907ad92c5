// SPDX-License-Identifier: 0BSD
#include <algorithm>
#include <exception>
#include <iostream>
#include <new>

#include "tsgen/error.hpp"

#include "runner/arguments.hpp"
#include "runner/bench.hpp"
#include "runner/info.hpp"
#include "runner/options.hpp"
#include "runner/readable.hpp"
#include "runner/report/json.hpp"
#include "runner/report/text.hpp"
#include "runner/run.hpp"
#include "runner/runner.hpp"
#include "runner/stress.hpp"
#include "runner/sweep.hpp"
#include "runner/verify.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {
namespace {

enum ExitStatus { ok = 0, differs = 1, failed = 2 };

void print_line(const std::string& text) {
  std::cout << harmless(text) << std::endl;
  if (!std::cout)
    throw Error("the answer cannot be written to standard output", "check where it goes");
}

template <typename Report>
void print_report(const Report& report, const Options& options) {
  print_line(options.json ? to_json(report) : to_text(report));
}

void set_threads(const Options& options) {
  // Python computed the cases with one thread: more of them add up in another order.
  const bool replays = options.command == Command::verify || options.command == Command::stress;
  if (replays || options.threads) set_thread_count(options.threads.value_or(1));
}

int verified(const Model& model, const std::filesystem::path& file, const Options& options) {
  const auto report = verify(model, file, options);
  print_report(report, options);
  return report.passed ? ok : differs;
}

int stressed(const Model& model, const std::filesystem::path& file, const Options& options) {
  const auto report = stress(model, file, options);
  print_report(report, options);
  return report.wrong == 0 ? ok : differs;
}

/// A model that the build has compiled lies in the build folder, and its cases stay where they were.
Options with_own_cases(const Program& program, const std::filesystem::path& file, Options options) {
  std::error_code failed;
  const bool beside = std::filesystem::exists(file.parent_path() / "cases", failed);
  if (options.model || options.cases || beside) return options;
  options.cases = default_model(program.project, "cases/index.tsv").parent_path();
  return options;
}

int answer(const Program& program, const Options& options) {
  set_threads(options);
  const auto file = options.model ? *options.model : default_model(program.project);
  const Model model(file, options.device);
  if (options.command == Command::verify)
    return verified(model, file, with_own_cases(program, file, options));
  if (options.command == Command::stress)
    return stressed(model, file, with_own_cases(program, file, options));
  if (options.command == Command::info)
    print_report(info(model, file), options);
  else if (options.command == Command::bench && options.sweep)
    print_report(sweep(model, options), options);
  else if (options.command == Command::bench)
    print_report(bench(model, options), options);
  else
    print_report(run(model, file, options), options);
  return ok;
}

int start(const Program& program, const std::vector<std::string>& arguments) {
  const auto options = parse_options(arguments);
  const std::string name(program.name);
  if (options.command == Command::help)
    print_line("usage: " + name + std::string(usage));
  else if (options.command == Command::version)
    print_line(name + " (tsgen " TSGEN_VERSION ", LibTorch " + libtorch_version() + ')');
  else
    return answer(program, options);
  return ok;
}

}  // namespace

int run_program(const Program& program, int argc, char** argv) {
  const auto arguments = program_arguments(argc, argv);
  const bool json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
  const auto report_error = [&](const Error& thrown) {
    const Error error(readable(thrown.what()), readable(thrown.hint()));
    std::cerr << program.name << ": error: " << error.what() << '\n'
              << program.name << ": hint: " << error.hint() << '\n';
    if (json) std::cout << to_json(error) << std::endl;
    return static_cast<int>(failed);
  };
  try {
    return start(program, arguments);
  } catch (const Error& error) {
    return report_error(error);
  } catch (const std::bad_alloc&) {
    return report_error(Error("out of memory", "use smaller inputs or a larger machine"));
  } catch (const std::exception& error) {
    return report_error(Error(error.what(), "this is a bug in the program: report it"));
  }
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
