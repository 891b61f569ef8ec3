// Convolutions: the geometry that all forms share, and the choice between them.
//
// The gradient of the input of a convolution with stride 1 is a convolution itself: of dy, with the kernel turned by 180
// degrees and inputs and outputs exchanged. `flipped` is its geometry.

INLINE long kernelSpanHeight(const ds_convolution &c) { return (c.kernel_height - 1) * (long)c.dilation_height + 1; }
INLINE long kernelSpanWidth(const ds_convolution &c) { return (c.kernel_width - 1) * (long)c.dilation_width + 1; }

INLINE ds_convolution flipped(const ds_convolution &c) {
  ds_convolution f = c;
  f.height = c.out_height; f.width = c.out_width; f.inputs = c.outputs;
  f.out_height = c.height; f.out_width = c.width; f.outputs = c.inputs;
  f.pad_top = (int)kernelSpanHeight(c) - 1 - c.pad_top;
  f.pad_left = (int)kernelSpanWidth(c) - 1 - c.pad_left;
  return f;
}

INLINE bool hasUnitStride(const ds_convolution &c) { return c.stride_height == 1 && c.stride_width == 1; }

// What happens to a sum before it is stored.
struct Finish {
  const float *bias;  // or null
  const float *mask;  // or null; laid out as y
  bool rectify;
};

#include "winograd.h"
#include "direct.h"

// Winograd's form pays for 3x3 kernels with enough channels, if its 4x4 tiles do not hang over the image too far.
INLINE bool isWinograd(const ds_convolution &c) {
  if (c.kernel_height != 3 || c.kernel_width != 3 || !hasUnitStride(c) || c.groups != 1 || c.direct) return false;
  if (c.dilation_height != 1 || c.dilation_width != 1 || c.inputs < 8 || c.outputs < 8) return false;
  long tiles = quotientUp(c.out_height, 4) * quotientUp(c.out_width, 4);
  return tiles * 36 * 3 < (long)c.out_height * c.out_width * 9 * 2;
}
INLINE bool isWinograd(const ds_convolution &c, int turned) {
  return isWinograd(turned && hasUnitStride(c) ? flipped(c) : c);
}

static long conv_workspace(const ds_convolution *c) {
  long forward = isWinograd(*c) ? winogradRoom(*c) : directRoom(*c);
  long kernel = isWinograd(*c) ? winogradKernelRoom(*c) : directKernelRoom(*c);
  long input = !hasUnitStride(*c) ? stridedInputRoom(*c) : isWinograd(*c, 1) ? winogradRoom(flipped(*c)) : directRoom(flipped(*c));
  return most(most(forward, kernel), input);
}

static long conv_packed_size(const ds_convolution *c, int turned) {
  return isWinograd(*c, turned) ? winogradPackedSize(*c, turned) : directPackedSize(*c, turned);
}

static long conv_pack_parts(const ds_convolution *c, int turned) {
  return isWinograd(*c, turned) ? winogradPackParts(*c, turned) : directPackParts(*c, turned);
}

static void conv_pack(const ds_convolution *c, int turned, const float *kernel, float *packed, long first, long last) {
  if (isWinograd(*c, turned)) winogradPack(*c, turned, kernel, packed, first, last);
  else directPack(*c, turned, kernel, packed, first, last);
}

static void conv_forward(const ds_convolution *c, long images, const float *x, const float *packed, const float *bias,
                         int rectify, float *y, float *room) {
  Finish finish = {bias, nullptr, rectify != 0};
  if (isWinograd(*c)) winogradForward(*c, images, x, packed, finish, y, room);
  else directForward(*c, images, x, packed, finish, y, room);
}

static void conv_backward_input(const ds_convolution *c, long images, const float *dy, const float *packed,
                                const float *mask, float *dx, float *room) {
  Finish finish = {nullptr, mask, false};
  if (!hasUnitStride(*c)) stridedInputGradient(*c, images, dy, packed, finish, dx, room);
  else if (isWinograd(*c, 1)) winogradForward(flipped(*c), images, dy, packed, finish, dx, room);
  else directForward(flipped(*c), images, dy, packed, finish, dx, room);
}

static long conv_sum_size(const ds_convolution *c) { return isWinograd(*c) ? winogradSumSize(*c) : directSumSize(*c); }

static void conv_backward_kernel(const ds_convolution *c, long images, const float *x, const float *dy, int start,
                                 float *sum, float *bias_sum, float *room) {
  if (start && bias_sum) zero(bias_sum, c->outputs);
  // Winograd's first pass writes where it would add to zeros.
  if (start && (images == 0 || !isWinograd(*c))) zero(sum, conv_sum_size(c));
  if (isWinograd(*c)) winogradKernelGradient(*c, images, x, dy, start, sum, bias_sum, room);
  else directKernelGradient(*c, images, x, dy, sum, bias_sum, room);
}

static long conv_finish_parts(const ds_convolution *c) { return isWinograd(*c) ? c->inputs : directLines(*c); }

static void conv_finish(const ds_convolution *c, long shards, long shard_stride, const float *sum, float *gradient, long first, long last) {
  if (isWinograd(*c)) winogradFinish(*c, shards, shard_stride, sum, gradient, first, last);
  else directFinish(*c, shards, shard_stride, sum, gradient, first, last);
}
