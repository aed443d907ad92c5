// SPDX-License-Identifier: 0BSD
#include "runner/options.hpp"

#include <cstdint>

#include "core/text.hpp"
#include "core/utf8.hpp"

namespace tsgen {
inline namespace TSGEN_ABI {

const std::string_view usage = R"( [MODEL] [options]

Runs a model on ones, or on the given inputs, and prints the first numbers of each output.
MODEL is an exported model.pt; without it, the one that belongs to this program.

  --input NAME=FILE.npy  run on this input (a list's: images.0, images.1); give all or none,
                         and leave out what is optional or has a default in Python
  --output DIR           write each output to DIR/output.NAME.npy
  --device DEVICE        cpu (the default), cuda or cuda:N
  --verify               replay the cases saved by Python and compare; exit 1 if any differs
  --cases DIR            the cases, instead of the folder beside MODEL
  --stress T             call the model from T threads at once, and compare with the answers of
                         one thread; exit 1 if any differs
  --bench N              time the first call, the second, and N calls once they are steady
  --threads T            threads inside an operator (1 for --verify and --stress, else LibTorch's
                         choice); auto, for --bench: every number of them with every number of
                         threads that call the model at once, and which is best
  --info                 say what the model and this LibTorch are
  --json                 answer in JSON
  --help, --version

exit status: 0 ok, 1 answers differ, 2 bad usage, input, model or device)";

namespace {

constexpr auto help_hint = "--help lists the options";

/// One option at a time, and its value as "--option value" or "--option=value".
class OptionReader {
 public:
  explicit OptionReader(const std::vector<std::string>& all)
      : next_(all.begin()), end_(all.end()) {}

  bool take() {
    if (inline_value_) throw Error(name_ + " takes no value", help_hint);
    if (next_ == end_) return false;
    const std::string& argument = *next_++;
    const auto equals = argument.substr(0, 2) == "--" ? argument.find('=') : std::string::npos;
    name_ = argument.substr(0, equals);
    if (equals != std::string::npos) inline_value_ = argument.substr(equals + 1);
    return true;
  }

  const std::string& name() const { return name_; }

  std::string value() {
    if (!inline_value_ && next_ == end_) throw Error(name_ + " needs a value", help_hint);
    std::string text = inline_value_ ? *inline_value_ : *next_++;
    inline_value_.reset();
    if (text.empty()) throw Error(name_ + " needs a value, got an empty one", help_hint);
    return text;
  }

 private:
  std::vector<std::string>::const_iterator next_;
  std::vector<std::string>::const_iterator end_;
  std::string name_;
  std::optional<std::string> inline_value_;
};

int parse_count(const std::string& option, const std::string& text, std::int64_t most) {
  const auto count = parse_integer(text);
  if (!count || *count < 1 || *count > most)
    throw Error(option + " expects a whole number from 1 to " + std::to_string(most) + ", got \"" +
                    text + "\"",
                "give it as in " + option + " 4");
  return static_cast<int>(*count);
}

std::pair<std::string, std::filesystem::path> parse_input(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
    throw Error("--input expects NAME=FILE.npy, got \"" + text + "\"",
                "--info lists the names of the inputs");
  return {text.substr(0, equals), path_from_utf8(text.substr(equals + 1))};
}

void set_command(Options& options, Command command) {
  if (options.command == Command::help) return;  // whoever asks for help gets it
  if (options.command != Command::run && options.command != command && command != Command::help)
    throw Error("--verify, --stress, --bench, --info and --version exclude one another", help_hint);
  options.command = command;
}

void set_model(Options& options, const std::string& argument) {
  if (argument.size() > 1 && argument[0] == '-')
    throw Error("unknown option " + argument, help_hint);
  if (options.model)
    throw Error("expected one model, got " + to_utf8(*options.model) + " and " + argument,
                help_hint);
  if (argument.empty()) throw Error("the model's path is empty", help_hint);
  options.model = path_from_utf8(argument);
}

void read_threads(const std::string& text, Options& options) {
  options.sweep = text == "auto";
  options.threads.reset();
  if (!options.sweep) options.threads = parse_count("--threads", text, 1024);
}

void read_valued_option(OptionReader& arguments, Options& options) {
  const auto& name = arguments.name();
  if (name == "--input") {
    options.inputs.push_back(parse_input(arguments.value()));
  } else if (name == "--output") {
    options.output = path_from_utf8(arguments.value());
  } else if (name == "--cases") {
    options.cases = path_from_utf8(arguments.value());
  } else if (name == "--device") {
    options.device = Device::parse(arguments.value());
  } else if (name == "--threads") {
    read_threads(arguments.value(), options);
  } else if (name == "--stress") {
    set_command(options, Command::stress);
    options.callers = parse_count(name, arguments.value(), 1024);
  } else if (name == "--bench") {
    set_command(options, Command::bench);
    options.calls = parse_count(name, arguments.value(), 100'000'000);
  } else {
    set_model(options, name);
  }
}

void read_option(OptionReader& arguments, Options& options) {
  const auto& name = arguments.name();
  if (name == "--help" || name == "-h")
    set_command(options, Command::help);
  else if (name == "--version")
    set_command(options, Command::version);
  else if (name == "--verify")
    set_command(options, Command::verify);
  else if (name == "--info")
    set_command(options, Command::info);
  else if (name == "--json")
    options.json = true;
  else
    read_valued_option(arguments, options);
}

void check_combination(const Options& options) {
  const auto command = options.command;
  if (command == Command::help) return;
  const bool replays = command == Command::verify || command == Command::stress;
  if (!options.inputs.empty() && (replays || command == Command::info))
    throw Error("--input cannot be used with --verify, --stress or --info", help_hint);
  if (options.output && command != Command::run && command != Command::verify)
    throw Error("--output cannot be used with --stress, --bench or --info", help_hint);
  if (options.sweep && command != Command::bench)
    throw Error("--threads auto can only be used with --bench", "give a number, as in --threads 4");
  if (options.cases && !replays)
    throw Error("--cases can only be used with --verify and --stress", help_hint);
}

}  // namespace

Options parse_options(const std::vector<std::string>& arguments) {
  Options options;
  for (OptionReader reader(arguments); reader.take();) read_option(reader, options);
  check_combination(options);
  return options;
}

}  // namespace TSGEN_ABI
}  // namespace tsgen
