#include <algorithm>
#include <exception>
#include <iostream>
#include <new>

#include "program/bench.hpp"
#include "program/info.hpp"
#include "program/options.hpp"
#include "program/paths.hpp"
#include "program/report/json.hpp"
#include "program/report/text.hpp"
#include "program/run.hpp"
#include "program/verify.hpp"

namespace {{ cookiecutter.__identifier }} {
namespace {

enum ExitStatus { ok = 0, differs = 1, failed = 2 };

void print(const std::string& text) {
  std::cout << text << std::endl;
  if (!std::cout)
    throw Error("the answer cannot be written to standard output", "check where it goes");
}

template <typename Report>
void print(const Report& report, const Options& options) {
  print(options.json ? to_json(report) : to_text(report));
}

void set_threads(const Options& options) {
  // Python computed the cases with one thread: more of them add up in another order.
  const bool one = options.command == Command::verify && !options.threads;
  if (one || options.threads) set_thread_count(options.threads.value_or(1));
}

int answer(const Options& options) {
  set_threads(options);
  const auto model = options.model ? *options.model : default_model();
  const Runtime runtime(model, options.device);
  if (options.command == Command::verify) {
    const auto report = verify(runtime, model, options);
    print(report, options);
    return report.passed ? ok : differs;
  }
  if (options.command == Command::info)
    print(info(runtime, model), options);
  else if (options.command == Command::bench)
    print(bench(runtime, options), options);
  else
    print(run(runtime, model, options), options);
  return ok;
}

int start(const std::vector<std::string>& arguments) {
  const auto options = parse_options(arguments);
  const std::string name(program_name);
  if (options.command == Command::help)
    print("usage: " + name + std::string(usage));
  else if (options.command == Command::version)
    print(name + " (LibTorch " + libtorch_version() + ')');
  else
    return answer(options);
  return ok;
}

int report_error(const Error& error, bool json) {
  std::cerr << program_name << ": error: " << error.what() << '\n'
            << program_name << ": hint: " << error.hint() << '\n';
  if (json) std::cout << to_json(error) << std::endl;
  return failed;
}

int guarded(const std::vector<std::string>& arguments) {
  const bool json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
  try {
    return start(arguments);
  } catch (const Error& error) {
    return report_error(error, json);
  } catch (const std::bad_alloc&) {
    return report_error(Error("out of memory", "use smaller inputs or a larger machine"), json);
  } catch (const std::exception& error) {
    return report_error(Error(error.what(), "this is a bug in the program: report it"), json);
  }
}

}  // namespace
}  // namespace {{ cookiecutter.__identifier }}

int main(int argc, char** argv) {
  using namespace {{ cookiecutter.__identifier }};
  return guarded(program_arguments(argc, argv));
}
