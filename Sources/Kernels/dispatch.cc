// Chooses the instruction set once, when the program starts.
#include "preamble.h"
#include <stdlib.h>
#include <string.h>

namespace avx512 { extern const ds_kernels table; }
namespace avx2 { extern const ds_kernels table; }
namespace baseline { extern const ds_kernels table; }

static const ds_kernels *best(bool upToAVX512) {
#if defined(__x86_64__)
  bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
  bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
  if (upToAVX512 && avx2 && avx512) return &avx512::table;
  if (avx2) return &avx2::table;
#endif
  (void)upToAVX512;
  return &baseline::table;
}

// Kernels that return at once. Functions that tell a size keep answering, so that a program can be laid out.
// `nothing` takes any arguments: the calling conventions of the supported platforms let the caller clean up.
static ds_kernels idle;
static void nothing() {}
static double noSum(long, const float *) { return 0; }

// Runs before main, so that no thread can meet the table half filled.
__attribute__((constructor)) static void fillIdle() {
  const ds_kernels &from = baseline::table;
  idle = from;
  void (**end)() = (void (**)())(&idle + 1);
  for (void (**slot)() = (void (**)())&idle.unary; slot != end; slot++) *slot = nothing;
  idle.name = "idle";
  idle.sum_of_squares = noSum;
  idle.conv_workspace = from.conv_workspace;
  idle.conv_packed_size = from.conv_packed_size;
  idle.conv_pack_parts = from.conv_pack_parts;
  idle.conv_sum_size = from.conv_sum_size;
  idle.conv_finish_parts = from.conv_finish_parts;
  idle.max_pool_code_bytes = from.max_pool_code_bytes;
  idle.depthwise_workspace = from.depthwise_workspace;
  idle.dense_workspace = from.dense_workspace;
  idle.dense_forward_parts = from.dense_forward_parts;
  idle.dense_backward_input_parts = from.dense_backward_input_parts;
  idle.dense_backward_kernel_parts = from.dense_backward_kernel_parts;
  idle.lstm_workspace = from.lstm_workspace;
  idle.lstm_packed_size = from.lstm_packed_size;
  idle.lstm_pack_parts = from.lstm_pack_parts;
  idle.lstm_turned_size = from.lstm_turned_size;
  idle.lstm_turn_parts = from.lstm_turn_parts;
  idle.lstm_kept_size = from.lstm_kept_size;
  idle.lstm_finish_parts = from.lstm_finish_parts;
  idle.attention_workspace = from.attention_workspace;
}

extern "C" const ds_kernels *ds_select_kernels(void) {
  const char *wish = getenv("DEEPSWIFT_KERNELS");
  if (!wish) return best(true);
  if (!strcmp(wish, "idle")) return &idle;
  if (!strcmp(wish, "baseline")) return &baseline::table;
  return best(strcmp(wish, "avx2") != 0);
}

extern "C" const ds_kernels *ds_kernels_named(const char *name) {
  if (!strcmp(name, "idle")) return &idle;
  if (!strcmp(name, "baseline")) return &baseline::table;
  const ds_kernels *found = best(strcmp(name, "avx2") != 0);
  return strcmp(name, found->name) ? nullptr : found;
}
