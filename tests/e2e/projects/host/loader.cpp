// Opens the plugin as a host program does that was compiled long before.
#include <dlfcn.h>

#include <cstdio>

int main(int, char** argv) {
  void* const plugin = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (plugin == nullptr) return std::puts(dlerror()), 1;
  const auto first_answer = reinterpret_cast<float (*)(const char*)>(dlsym(plugin, "first_answer"));
  std::printf("%.6f\n", static_cast<double>(first_answer(argv[2])));
}
