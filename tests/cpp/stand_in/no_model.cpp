extern "C" __attribute__((visibility("default"))) int tsgen_no_model() { return 0; }
