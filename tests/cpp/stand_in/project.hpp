#pragma once

#include <string>

#include "stand_in/files.hpp"

namespace stand_in {

/// A model of the stand-in that doubles x, with the cases "a" and "b" that Python would have saved.
struct Project {
  explicit Project(const std::string& behaviour = "scratch", const std::string& more_lines = "");

  std::string file(const std::string& name) const { return (folder.path() / name).string(); }

  Folder folder;
};

/// A run of the runner: its status and what it wrote to both streams.
struct Ran {
  int status = 0;
  std::string out;
  std::string err;
};
Ran run(const std::vector<std::string>& words);

}  // namespace stand_in
