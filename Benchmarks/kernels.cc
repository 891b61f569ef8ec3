// What the largest kernels reach on one core, against the limit of its multiply-add units. Scripts/bench kernels runs it.
//
// It counts the processor's time of the thread, not the clock, so that other programs disturb it little.
#if defined(KERNELS_AVX2)
#include "../Sources/Kernels/avx2.cc"
static const ds_kernels &kernels = avx2::table;
#else
#include "../Sources/Kernels/avx512.cc"
static const ds_kernels &kernels = avx512::table;
#endif
#include <cstdio>
#include <cstdlib>
#include <time.h>

static double processorSeconds() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

// The shortest of many runs, in microseconds.
template <typename Body>
static double microseconds(Body body) {
  double best = 1e9;
  for (int run = 0; run < 100; run++) {
    double start = processorSeconds();
    body();
    double time = processorSeconds() - start;
    if (time < best) best = time;
  }
  return best * 1e6;
}

static float *numbers(long count) {
  float *p = (float *)aligned_alloc(64, (count * sizeof(float) + 127) / 64 * 64);
  for (long i = 0; i < count; i++) p[i] = (rand() % 2001 - 1000) / 1000.f;
  return p;
}

// Twelve independent sums keep the units busy, and nothing is loaded.
#pragma clang attribute push(__attribute__((target(TARGET))), apply_to = function)
typedef float Wide __attribute__((vector_size(BYTES)));
static float multiplyAdd(long steps) {
  Wide sum[12] = {}, a = {1.0001f}, b = {0.9999f};
  for (long i = 0; i < steps; i++)
    for (int j = 0; j < 12; j++) {
      sum[j] += a * b;
      asm volatile("" : "+v"(sum[j]));
    }
  Wide total = {};
  for (int j = 0; j < 12; j++) total += sum[j];
  return total[0];
}
#pragma clang attribute pop

static void dense(long rows, long inputs, long outputs) {
  float *x = numbers(rows * inputs), *w = numbers(inputs * outputs), *bias = numbers(outputs), *y = numbers(rows * outputs);
  float *dw = numbers(inputs * outputs), *m = numbers(inputs * outputs), *v = numbers(inputs * outputs);
  float *dx = numbers(rows * inputs), *room = numbers(kernels.dense_workspace(rows, inputs, outputs));
  for (long i = 0; i < inputs * outputs; i++) v[i] *= v[i];
  ds_update step = {};
  step.rate = 1e-9f, step.beta1 = 0.9f, step.beta2 = 0.999f, step.epsilon = 1e-7f;
  double flops = 2e-3 * rows * inputs * outputs;
  double forward = microseconds([&] {
    kernels.dense_forward(rows, inputs, outputs, x, w, bias, 1, y, 0, kernels.dense_forward_parts(inputs, outputs), room);
  });
  double input = microseconds([&] {
    kernels.dense_backward_input(rows, inputs, outputs, y, w, nullptr, dx, 0, kernels.dense_backward_input_parts(inputs, outputs), room);
  });
  double kernel = microseconds([&] {
    kernels.dense_backward_kernel(rows, inputs, outputs, x, y, dw, 0, kernels.dense_backward_kernel_parts(inputs, outputs), room);
  });
  double adam = microseconds([&] { kernels.adam(inputs * outputs, step, dw, m, v, nullptr, w); });
  printf("| dense %ld → %ld, %ld rows | %.0f | %.0f | %.0f | %.1f µs |\n", inputs, outputs, rows, flops / forward, flops / input,
         flops / kernel, adam);
}

// A few images stay in the cache; a hundred come from memory, as in a training step. A width of one makes a sequence, whose
// convolution is a dense layer on each of its places.
static void convolution(int height, int width, int inputs, int outputs, int window, int images) {
  ds_convolution c = {};
  c.height = c.out_height = height, c.width = c.out_width = width;
  c.inputs = inputs, c.outputs = outputs, c.kernel_height = c.kernel_width = window, c.groups = 1;
  c.stride_height = c.stride_width = c.dilation_height = c.dilation_width = 1;
  c.pad_top = c.pad_left = window / 2;
  long in = (long)images * height * width * inputs, out = (long)images * height * width * outputs;
  float *x = numbers(in), *dx = numbers(in), *y = numbers(out), *w = numbers((long)window * window * inputs * outputs);
  float *bias = numbers(outputs), *packed = numbers(kernels.conv_packed_size(&c, 0)), *turned = numbers(kernels.conv_packed_size(&c, 1));
  float *sum = numbers(kernels.conv_sum_size(&c)), *biasSum = numbers(outputs), *room = numbers(kernels.conv_workspace(&c));
  kernels.conv_pack(&c, 0, w, packed, 0, kernels.conv_pack_parts(&c, 0));
  kernels.conv_pack(&c, 1, w, turned, 0, kernels.conv_pack_parts(&c, 1));
  double flops = 2e-3 * window * window * inputs * outputs * height * width * images;
  double forward = microseconds([&] { kernels.conv_forward(&c, images, x, packed, bias, 1, y, room); });
  double input = microseconds([&] { kernels.conv_backward_input(&c, images, y, turned, x, dx, room); });
  double kernel = microseconds([&] { kernels.conv_backward_kernel(&c, images, x, y, 0, sum, biasSum, room); });
  printf("| %d×%d convolution %d → %d, %d×%d, %d images | %.0f | %.0f | %.0f | |\n", window, window, inputs, outputs, height, width, images,
         flops / forward, flops / input, flops / kernel);
}

int main() {
  const long steps = 2000000;
  volatile float keep;
  double peak = microseconds([&] { keep = multiplyAdd(steps / 100); });
  printf("%s, one core: %.0f GFLOP/s is the limit of its multiply-add units\n\n", kernels.name,
         2e-3 * 12 * (BYTES / 4) * (steps / 100) / peak);
  printf("GFLOP/s as if computed directly; 3×3 convolutions take a quarter of the multiplications by Winograd's algorithm.\n\n");
  printf("| | forward | gradient of the input | of the weights | Adam on the weights |\n|---|---|---|---|---|\n");
  dense(100, 784, 128);
  dense(100, 784, 300);
  dense(32, 784, 512);
  dense(100, 4096, 512);
  convolution(32, 32, 3, 32, 3, 4);
  convolution(32, 32, 32, 32, 3, 2);
  convolution(16, 16, 64, 64, 3, 4);
  convolution(8, 8, 64, 64, 3, 8);
  convolution(32, 32, 16, 16, 3, 4);
  convolution(32, 32, 16, 16, 3, 100);
  convolution(32, 32, 32, 32, 3, 100);
  convolution(16, 16, 64, 64, 3, 100);
  convolution(16, 16, 32, 64, 1, 4);
  convolution(64, 1, 128, 128, 1, 4);
  convolution(64, 1, 128, 128, 1, 128);
  convolution(64, 1, 128, 512, 1, 128);
  convolution(64, 1, 512, 128, 1, 128);
  convolution(16, 16, 32, 32, 5, 4);
}
