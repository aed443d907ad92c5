#pragma once

struct Answer {
  int number;
  const char* version;
  long standard;
};

Answer answer();
