extern "C" int c10_answer() { return 40; }
