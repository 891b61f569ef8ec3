// The float loops of the engine. No kernel allocates, and none knows more than its arguments.
//
// Images are NHWC, convolution kernels HWIO, dense kernels [inputs][outputs]: Keras' layouts. `rows` or `images` is the
// number of samples at hand. `room` is scratch memory of the calling thread, as large as the family's *_workspace says.
// A range [first, last) of parts lets several threads share one result; every element is summed in one order, whoever
// computes it and however the parts and the chunks of rows are cut. Where sums run over many calls (`start` is 1 in the
// first call of a shard and 0 after it), a kernel adds row by row, so that the result does not depend on the chunks.
#ifndef DS_KERNELS_H
#define DS_KERNELS_H

#ifdef __cplusplus
extern "C" {
#endif
#pragma clang assume_nonnull begin

// ---- Geometry ----

// y[out_height][out_width][outputs] from x[height][width][inputs]. Padding behind the last row and column follows from
// the rest. With groups g, output block i sees only input block i; the kernel is [kh][kw][inputs / g][outputs].
typedef struct {
  int height, width, inputs, outputs;
  int kernel_height, kernel_width, stride_height, stride_width, dilation_height, dilation_width;
  int pad_top, pad_left, out_height, out_width;
  int groups;
  int direct;  // 1: never by Winograd's algorithm, whose results are rounded a little more
} ds_convolution;

// Windows over x[height][width][channels]. Padding never wins a maximum and never counts in an average.
typedef struct {
  int height, width, channels;
  int window_height, window_width, stride_height, stride_width;
  int pad_top, pad_left, out_height, out_width;
} ds_pooling;

// What lies beyond the edges of an image: a number, the nearest pixel, the image in a mirror, the image again.
typedef enum { ds_fill_constant, ds_fill_nearest, ds_fill_reflect, ds_fill_wrap } ds_fill;

// y[out_height][out_width][channels] looked up in x[height][width][channels] by an affine map.
typedef struct {
  long height, width, channels, out_height, out_width;
  int bilinear;
  ds_fill fill;
  float value;
} ds_warp;

enum { ds_most_axes = 8 };

// A loop nest over the axes of one sample, outermost first. A stride of 0 repeats an element (broadcasting).
// `a_row`, `b_row`, `y_row` are the distances between samples: 0 for a value that all samples share.
typedef struct {
  int axes;
  long size[ds_most_axes], a[ds_most_axes], b[ds_most_axes], y[ds_most_axes];
  long a_row, b_row, y_row;
} ds_loop;

// A recurrent layer over x [steps][inputs], from the last step to the first if `backwards`. Its output: the last state
// [units], all states in the order of processing [steps][units], or these and then the last cell [steps + 1][units].
typedef enum { ds_lstm_last, ds_lstm_sequence, ds_lstm_sequence_and_cell } ds_lstm_output;
typedef struct {
  long steps, inputs, units;
  int backwards;
  ds_lstm_output output;
} ds_lstm;

// `heads` times softmax(scale q k^T) v of one sample. With `causal`, query i sees keys 0...i.
typedef struct {
  long queries, keys, heads, key_dim, value_dim;
  float scale;
  int causal;
} ds_attention;

// ---- Functions of one and of two numbers ----

typedef enum {
  ds_relu, ds_sigmoid, ds_tanh, ds_exp, ds_log, ds_square_root, ds_absolute, ds_negative, ds_square, ds_reciprocal,
  ds_erf, ds_sign, ds_softplus, ds_log1p, ds_expm1, ds_sine, ds_cosine, ds_floor, ds_round
} ds_unary;

typedef enum {
  ds_add, ds_subtract, ds_multiply, ds_divide, ds_maximum, ds_minimum, ds_power,
  // 1 where it holds, 0 elsewhere; no gradient
  ds_less, ds_less_or_equal, ds_equal, ds_not_equal, ds_greater, ds_greater_or_equal
} ds_binary;

typedef enum { ds_sum, ds_mean, ds_most, ds_least, ds_product, ds_argmax } ds_reduction;

// ---- Random numbers ----

// An element is dropped if the hash of (key, position) lies below `threshold`; what is kept is multiplied by `scale`.
typedef struct { unsigned key, threshold; float scale; } ds_dropout;

// ---- Optimizers: what one step needs beside weights, gradients and slots ----

typedef struct {
  float rate;          // learning rate of this step; for Adam with both bias corrections in it
  float momentum;      // SGD, RMSprop
  float beta1, beta2;  // Adam; beta2 is also RMSprop's rho
  float epsilon;
  float decay;         // w -= w * decay before the step (weight decay times learning rate)
  int nesterov, amsgrad, centered;
} ds_update;

typedef enum { ds_uint8, ds_int32, ds_float32 } ds_element;

typedef struct {
  const char *name;
  long lanes;  // floats in a vector

  // -- Elementwise. `count` elements, any alignment. x may be y.
  void (*unary)(ds_unary, long count, const float *x, float *y);
  // dx = dy f'(x), written with x or y, whichever is exact; dx may be dy. mask: zero where mask <= 0.
  void (*unary_backward)(ds_unary, long count, const float *x, const float *y, const float *dy, float *dx);
  // y = f(a, b), with the loop's strides; rows outermost.
  void (*binary)(ds_binary, long rows, const ds_loop *, const float *a, const float *b, float *y);
  // d += dy f'(a, b) toward side 0 (a) or 1 (b), d laid out with that side's strides, dy and y with y's. `start` clears
  // d first (all rows of it if its row stride is not 0, one row if it is).
  void (*binary_backward)(ds_binary, int side, long rows, const ds_loop *, int start, const float *a, const float *b, const float *y, const float *dy, float *d);
  // y = a x + b
  void (*affine)(long count, float a, float b, const float *x, float *y);
  // y = a + b, then max(y, 0) if `rectify`; y may be a or b.
  void (*add)(long count, const float *a, const float *b, int rectify, float *y);
  // y = a + b where mask > 0, else 0; y may be a or b.
  void (*add_masked)(long count, const float *a, const float *b, const float *mask, float *y);
  // y[r][:] = max?(x[r][:] + bias)
  void (*add_bias)(long rows, long columns, const float *x, const float *bias, int rectify, float *y);
  // dx = dy where x > 0, else 0; dx may be dy.
  void (*mask_gradient)(long count, const float *dy, const float *x, float *dx);
  // Copies with the strides a -> y. `accumulate`: y += a instead, axis by axis in order (repeated targets add up).
  void (*strided)(long rows, const ds_loop *, int accumulate, const float *a, float *y);
  void (*fill)(long count, float value, float *y);

  // -- Reductions. The loop's `a` strides walk x, `y` strides walk the result: 0 along reduced axes.
  // `count` is the number of elements behind one result. argmax gives the index within the reduced axes, first wins.
  void (*reduce)(ds_reduction, long rows, const ds_loop *, long count, const float *x, float *y);
  // dx from dy; ties of a maximum or minimum share the gradient equally.
  void (*reduce_backward)(ds_reduction, long rows, const ds_loop *, long count, const float *x, const float *y, const float *dy, float *dx);
  // sum[i] = terms[0][i] + terms[1][i] + ..., in this order, for i in [first, last)
  void (*sum_terms)(long terms, long stride, const float *from, float *sum, long first, long last);
  // sums[n] (+)= x[0][n] + x[1][n] + ..., row by row, for n in [first, last). `start` begins at zero.
  void (*column_sums)(long rows, long columns, int start, const float *x, float *sums, long first, long last);

  // -- Softmax over the last axis, rows of `classes`.
  void (*softmax)(long rows, long classes, const float *x, float *y);
  void (*softmax_backward)(long rows, long classes, const float *y, const float *dy, float *dx);
  void (*log_softmax)(long rows, long classes, const float *x, float *y);
  void (*log_softmax_backward)(long rows, long classes, const float *y, const float *dy, float *dx);
  // losses[r] = -log of the probability of labels[r], clipped to [1e-7, 1 - 1e-7] as Keras does, from probabilities p.
  void (*sparse_cross_entropy)(long rows, long classes, const float *p, const float *labels, float *losses);
  // losses[r] = log(sum exp z) - z[label], exact for any z.
  void (*sparse_cross_entropy_logits)(long rows, long classes, const float *z, const float *labels, float *losses);
  // dz[r] = (p[r] - one at labels[r]) * dlosses[r]
  void (*sparse_cross_entropy_backward)(long rows, long classes, const float *p, const float *labels, const float *dlosses, float *dz);

  // -- Reading the batch: x[r] = samples[order[r]] * scale + offset, `count` elements each, of the given type.
  void (*gather)(ds_element, long rows, long count, const void *samples, const int *order, float scale, float offset, float *x);

  // -- Dropout. `position` is the index of the first element within the batch, so that chunks do not matter.
  void (*dropout)(long count, long position, ds_dropout, const float *x, float *y);

  // -- Embedding. y[i] = table[index[i]]; an index that is no row of the table (checked by the caller) gives zeros.
  void (*embedding)(long indices, long vocabulary, long width, const float *index, const float *table, float *y);
  // dtable rows [first, last): cleared, then += dy[i] in order of i where index[i] lies in the range.
  void (*embedding_backward)(long indices, long width, const float *index, const float *dy, float *dtable, long first, long last);

  // -- Convolution. Packed weights: `flipped` 0 for the forward pass, 1 for the gradient of the input.
  // Any geometry; 3x3 kernels with stride 1 go through Winograd's F(4,3) where that pays.
  long (*conv_workspace)(const ds_convolution *);
  long (*conv_packed_size)(const ds_convolution *, int flipped);
  long (*conv_pack_parts)(const ds_convolution *, int flipped);
  void (*conv_pack)(const ds_convolution *, int flipped, const float *kernel, float *packed, long first, long last);
  void (*conv_forward)(const ds_convolution *, long images, const float *x, const float *packed, const float *_Nullable bias, int rectify, float *y, float *room);
  void (*conv_backward_input)(const ds_convolution *, long images, const float *dy, const float *packed, const float *_Nullable mask, float *dx, float *room);
  // Adds to `sum` (a shard's, in a layout of the kernel's own) and to `bias_sum` [outputs].
  long (*conv_sum_size)(const ds_convolution *);
  void (*conv_backward_kernel)(const ds_convolution *, long images, const float *x, const float *dy, int start, float *sum, float *_Nullable bias_sum, float *room);
  // gradient = the shards' sums added in order, in HWIO layout, parts [first, last).
  long (*conv_finish_parts)(const ds_convolution *);
  void (*conv_finish)(const ds_convolution *, long shards, long shard_stride, const float *sum, float *gradient, long first, long last);

  // -- Depthwise convolution: kernel [kh][kw][inputs][multiplier], outputs = inputs * multiplier (channel c * multiplier + m).
  long (*depthwise_workspace)(const ds_convolution *);
  void (*depthwise_forward)(const ds_convolution *, long images, const float *x, const float *kernel, const float *_Nullable bias, int rectify, float *y, float *room);
  void (*depthwise_backward_input)(const ds_convolution *, long images, const float *dy, const float *kernel, const float *_Nullable mask, float *dx, float *room);
  void (*depthwise_backward_kernel)(const ds_convolution *, long images, const float *x, const float *dy, int start, float *sum, float *_Nullable bias_sum, float *room);

  // -- Pooling. `codes` remember the winner of each window, so many bytes an output: one for windows of up to 254 places,
  // else two. With `rectified`, x is max(something, 0) and the gradient stops where the maximum is 0.
  long (*max_pool_code_bytes)(const ds_pooling *);
  void (*max_pool)(const ds_pooling *, long images, int rectified, const float *x, float *y, void *_Nullable codes);
  void (*max_pool_backward)(const ds_pooling *, long images, const float *dy, const void *codes, float *dx);
  void (*average_pool)(const ds_pooling *, long images, const float *x, float *y);
  void (*average_pool_backward)(const ds_pooling *, long images, const float *dy, float *dx);
  // Nearest or bilinear (half-pixel centres, as Keras) enlargement by whole factors. Backward adds up.
  void (*upsample)(long images, long height, long width, long channels, long factor_height, long factor_width, int bilinear, const float *x, float *y);
  void (*upsample_backward)(long images, long height, long width, long channels, long factor_height, long factor_width, int bilinear, const float *dy, float *dx);

  // -- Images under another geometry. Of a map m, `map_row` numbers behind the one before (0: one for all), the pixel (column
  // c, row r) of y is looked up at column m[0] c + m[1] r + m[2], row m[3] c + m[4] r + m[5]. Backward adds up.
  void (*warp)(const ds_warp *, long images, const float *x, const float *maps, long map_row, float *y);
  void (*warp_backward)(const ds_warp *, long images, const float *dy, const float *maps, long map_row, float *dx);
  // y[o][j][:] = sum over t < taps of weights[j][t] x[o][first[j] + t][:], x [outer][from][inner], y [outer][to][inner].
  void (*resample)(long outer, long from, long to, long inner, long taps, const int *first, const float *weights, const float *x, float *y);
  void (*resample_backward)(long outer, long from, long to, long inner, long taps, const int *first, const float *weights, const float *dy, float *dx);

  // -- Dense layers. Forward and input gradient are shared out by panels of columns, the kernel gradient by lines of w.
  // Any sizes.
  long (*dense_workspace)(long rows, long inputs, long outputs);
  long (*dense_forward_parts)(long inputs, long outputs);
  void (*dense_forward)(long rows, long inputs, long outputs, const float *x, const float *w, const float *_Nullable bias, int rectify, float *y, long first, long last, float *room);
  long (*dense_backward_input_parts)(long inputs, long outputs);
  void (*dense_backward_input)(long rows, long inputs, long outputs, const float *dy, const float *w, const float *_Nullable mask, float *dx, long first, long last, float *room);
  long (*dense_backward_kernel_parts)(long inputs, long outputs);
  void (*dense_backward_kernel)(long rows, long inputs, long outputs, const float *x, const float *dy, float *dw, long first, long last, float *room);
  // The small form, at most 16 outputs: row by row on weights packed once per step (inputs * (16 + outputs) floats).
  void (*few_pack)(long inputs, long outputs, const float *w, float *packed);
  void (*few_forward)(long rows, long inputs, long outputs, const float *x, const float *packed, const float *_Nullable bias, int rectify, float *y);
  void (*few_backward_input)(long rows, long inputs, long outputs, const float *dy, const float *packed, const float *_Nullable mask, float *dx);
  // Rows [first, last) of dw, over all rows; room: 16 * rows floats.
  void (*few_backward_kernel)(long rows, long inputs, long outputs, const float *x, const float *dy, float *dw, long first, long last, float *room);

  // -- Batch normalization, cut in three by the statistics of the whole batch. Sums are taken about `pivot` (the moving
  // mean), which keeps the variance from cancelling. sums: 2 * channels.
  // sums[c] += x - pivot, sums[channels + c] += (x - pivot)^2
  void (*batch_moments)(long pixels, long channels, const float *x, const float *pivot, int start, float *sums);
  // y = max?(x * scale + shift + added)
  void (*batch_apply)(long pixels, long channels, const float *x, const float *scale, const float *shift, const float *_Nullable added, int rectify, float *y);
  // sums[c] += dy, sums[channels + c] += dy (x - mean) inverse
  void (*batch_backward_moments)(long pixels, long channels, const float *x, const float *dy, const float *mean, const float *inverse, int start, float *sums);
  // dx = (dy - a - (x - mean) inverse b) * gain, a and b the means of the two sums above, gain = gamma inverse
  void (*batch_backward)(long pixels, long channels, const float *x, const float *dy, const float *mean, const float *inverse, const float *gain, const float *a, const float *b, const float *_Nullable mask, float *dx);

  // -- Layer normalization over rows of `width`: y = (x - mean) inverse gamma + beta; statistics [rows][2] = mean, inverse.
  void (*layer_norm)(long rows, long width, float epsilon, const float *x, const float *_Nullable gamma, const float *_Nullable beta, float *y, float *statistics);
  // dx, and sums[0..width) += dy xhat (gamma), sums[width..2 width) += dy (beta), row by row. Any of dx, sums may be null.
  void (*layer_norm_backward)(long rows, long width, const float *x, const float *statistics, const float *_Nullable gamma, const float *dy, int start, float *_Nullable dx, float *_Nullable sums);

  // -- LSTM: kernel [inputs][4 units], recurrent [units][4 units], bias [4 units] or null, gates in the order i f g o. Any
  // sizes. Weights are packed once per step: for the way forward, and `turned` for the way back.
  long (*lstm_workspace)(const ds_lstm *);
  long (*lstm_packed_size)(const ds_lstm *);
  long (*lstm_pack_parts)(const ds_lstm *);
  void (*lstm_pack)(const ds_lstm *, const float *kernel, const float *recurrent, const float *_Nullable bias, float *packed, long first, long last);
  long (*lstm_turned_size)(const ds_lstm *);
  long (*lstm_turn_parts)(const ds_lstm *);
  void (*lstm_turn)(const ds_lstm *, const float *kernel, const float *recurrent, float *turned, long first, long last);
  // kept: what the way back needs of each row; null in inference. h0, c0: [rows][units], or null for zeros.
  long (*lstm_kept_size)(const ds_lstm *);
  void (*lstm_forward)(const ds_lstm *, long rows, const float *x, const float *packed, const float *_Nullable h0, const float *_Nullable c0, float *y, float *_Nullable kept, float *room);
  // Adds to `sum` (a shard's, packed_size floats in a layout of the kernel's own) group of rows by group of rows: here, and
  // only here, the result depends on where rows are cut. Any of sum, dx, dh0, dc0 may be null.
  void (*lstm_backward)(const ds_lstm *, long rows, const float *x, const float *turned, const float *kept, const float *dy, int start, float *_Nullable sum, float *_Nullable dx, float *_Nullable dh0, float *_Nullable dc0, float *room);
  // The gradients that are wanted = the shards' sums added in order, lines [first, last).
  long (*lstm_finish_parts)(const ds_lstm *);
  void (*lstm_finish)(const ds_lstm *, long shards, long shard_stride, const float *sum, float *_Nullable kernel, float *_Nullable recurrent, float *_Nullable bias, long first, long last);

  // -- Attention: q [queries][heads][key_dim], k [keys][heads][key_dim], v [keys][heads][value_dim] of each row, y as v with
  // queries. mask [queries][keys], 0 where a query must not see a key, `mask_row` apart (0: one for all rows), or null.
  // Probabilities that drop out are those of `dropped` (threshold 0: none), by the position of the row in the batch.
  long (*attention_workspace)(const ds_attention *);
  // kept: probabilities [rows][heads][queries][keys] for the way back, or null.
  void (*attention_forward)(const ds_attention *, long rows, const float *q, const float *k, const float *v, const float *_Nullable mask, long mask_row, ds_dropout dropped, long position, float *_Nullable kept, float *y, float *room);
  void (*attention_backward)(const ds_attention *, long rows, const float *q, const float *k, const float *v, const float *kept, ds_dropout dropped, long position, const float *dy, float *_Nullable dq, float *_Nullable dk, float *_Nullable dv, float *room);

  // -- Optimizers: `count` weights w, gradients g, slots as Keras orders them.
  void (*sgd)(long count, ds_update, const float *g, float *_Nullable velocity, float *w);
  void (*adam)(long count, ds_update, const float *g, float *m, float *v, float *_Nullable v_hat, float *w);
  void (*rmsprop)(long count, ds_update, const float *g, float *v, float *_Nullable momentum, float *_Nullable average, float *w);
  // sum of squares, in one fixed order, in double
  double (*sum_of_squares)(long count, const float *x);
  void (*scale)(long count, float factor, float *x);
  void (*clamp)(long count, float low, float high, float *x);
} ds_kernels;

// The best table that this processor can run. The environment variable DEEPSWIFT_KERNELS asks for another: avx512, avx2,
// baseline, or idle, whose kernels return at once (to time everything else). A wish that the processor cannot fulfil
// falls to the best below it.
const ds_kernels *ds_select_kernels(void);

// The table of that name if this processor can run it, else null. For tests that compare them.
const ds_kernels *_Nullable ds_kernels_named(const char *name);

// Tells the processor that a thread waits in a loop.
static inline void ds_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

#pragma clang assume_nonnull end
#ifdef __cplusplus
}
#endif
#endif
