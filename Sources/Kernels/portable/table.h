// One instruction set, complete: all kernels, and the table that the dispatcher picks.
#include "vector.h"
#include "functions.h"
#include "elementwise.h"
#include "broadcast.h"
#include "reduction.h"
#include "softmax.h"
#include "gather.h"
#include "embedding.h"
#include "panels.h"
#include "convolution.h"
#include "depthwise.h"
#include "pooling.h"
#include "images.h"
#include "dense.h"
#include "normalization.h"
#include "lstm.h"
#include "attention.h"
#include "update.h"

extern const ds_kernels table;
const ds_kernels table = {
    .name = NAME, .lanes = lanes,
    .unary = unary, .unary_backward = unary_backward, .binary = binary, .binary_backward = binary_backward,
    .affine = affine, .add = add, .add_masked = add_masked, .add_bias = add_bias, .mask_gradient = mask_gradient, .strided = strided, .fill = fill,
    .reduce = reduce, .reduce_backward = reduce_backward, .sum_terms = sum_terms, .column_sums = column_sums,
    .softmax = softmax, .softmax_backward = softmax_backward,
    .log_softmax = log_softmax, .log_softmax_backward = log_softmax_backward,
    .sparse_cross_entropy = sparse_cross_entropy, .sparse_cross_entropy_logits = sparse_cross_entropy_logits,
    .sparse_cross_entropy_backward = sparse_cross_entropy_backward,
    .gather = gather, .dropout = dropout, .embedding = embedding, .embedding_backward = embedding_backward,
    .conv_workspace = conv_workspace, .conv_packed_size = conv_packed_size, .conv_pack_parts = conv_pack_parts,
    .conv_pack = conv_pack, .conv_forward = conv_forward, .conv_backward_input = conv_backward_input,
    .conv_sum_size = conv_sum_size, .conv_backward_kernel = conv_backward_kernel,
    .conv_finish_parts = conv_finish_parts, .conv_finish = conv_finish,
    .depthwise_workspace = depthwise_workspace, .depthwise_forward = depthwise_forward,
    .depthwise_backward_input = depthwise_backward_input, .depthwise_backward_kernel = depthwise_backward_kernel,
    .max_pool_code_bytes = max_pool_code_bytes, .max_pool = max_pool, .max_pool_backward = max_pool_backward,
    .average_pool = average_pool, .average_pool_backward = average_pool_backward,
    .upsample = upsample, .upsample_backward = upsample_backward,
    .warp = warp, .warp_backward = warp_backward, .resample = resample, .resample_backward = resample_backward,
    .dense_workspace = dense_workspace, .dense_forward_parts = dense_forward_parts, .dense_forward = dense_forward,
    .dense_backward_input_parts = dense_backward_input_parts, .dense_backward_input = dense_backward_input,
    .dense_backward_kernel_parts = dense_backward_kernel_parts, .dense_backward_kernel = dense_backward_kernel,
    .few_pack = few_pack, .few_forward = few_forward, .few_backward_input = few_backward_input,
    .few_backward_kernel = few_backward_kernel,
    .batch_moments = batch_moments, .batch_apply = batch_apply, .batch_backward_moments = batch_backward_moments,
    .batch_backward = batch_backward, .layer_norm = layer_norm, .layer_norm_backward = layer_norm_backward,
    .lstm_workspace = lstm_workspace, .lstm_packed_size = lstm_packed_size, .lstm_pack_parts = lstm_pack_parts,
    .lstm_pack = lstm_pack, .lstm_turned_size = lstm_turned_size, .lstm_turn_parts = lstm_turn_parts, .lstm_turn = lstm_turn,
    .lstm_kept_size = lstm_kept_size, .lstm_forward = lstm_forward, .lstm_backward = lstm_backward,
    .lstm_finish_parts = lstm_finish_parts, .lstm_finish = lstm_finish,
    .attention_workspace = attention_workspace, .attention_forward = attention_forward, .attention_backward = attention_backward,
    .sgd = sgd, .adam = adam, .rmsprop = rmsprop,
    .sum_of_squares = sum_of_squares, .scale = scale, .clamp = clamp,
};
