extern "C" int c10_answer();
extern "C" int torch_answer() { return c10_answer() + 2; }
