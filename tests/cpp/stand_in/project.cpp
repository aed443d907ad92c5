#include "stand_in/project.hpp"

#include <iostream>
#include <sstream>

#include "stand_in/runtime.hpp"

#include "runner/npy.hpp"
#include "runner/runner.hpp"

namespace stand_in {
namespace {

void save(const Folder& folder, const std::string& name, float value) {
  folder.write("cases/" + name + "/note.txt", "");
  const auto own = folder.path() / "cases" / name;
  tsgen::write_npy(own / "input.x.npy", tensor<float>({2}, {value, 1}));
  tsgen::write_npy(own / "output.y.npy", tensor<float>({2}, {2 * value, 2}));
}

/// What is written to a stream, for as long as this lives.
class Captured {
 public:
  explicit Captured(std::ostream& stream) : stream_(stream), before_(stream.rdbuf(text_.rdbuf())) {}
  ~Captured() { stream_.rdbuf(before_); }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;

  std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  std::ostream& stream_;
  std::streambuf* before_;
};

}  // namespace

Project::Project(const std::string& behaviour, const std::string& more_lines) {
  const std::string lines =
      "dim\tN\t2\ninput\tx\ttensor\tfloat32\tN\noutput\ty\ttensor\tfloat32\tN\n" + more_lines;
  folder.write("model.pt", model_text(behaviour, lines));
  folder.write("cases/index.tsv",
               "tsgen-cases\t1\ntorch\t2.14.1\ncpu\tanother\nexact\ttrue\n"
               "tolerance\tfloat32\t0.001\t0.001\ncase\ta\ncase\tb\tforward\n");
  save(folder, "a", 3);
  save(folder, "b", 5);
}

Ran run(const std::vector<std::string>& words) {
  const Captured out(std::cout);
  const Captured err(std::cerr);
  std::vector<std::string> arguments{"myapp-runner"};
  arguments.insert(arguments.end(), words.begin(), words.end());
  std::vector<char*> pointers;
  for (auto& argument : arguments) pointers.push_back(argument.data());
  const int status = tsgen::run_program({"myapp-runner", "myapp"},
                                        static_cast<int>(pointers.size()), pointers.data());
  return {status, out.text(), err.text()};
}

}  // namespace stand_in
