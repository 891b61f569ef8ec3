// What all instruction sets share. It must be included before a target attribute is pushed.
#pragma once
#include "include/kernels.h"

// A function that always dissolves in its caller: a call that passed a vector would change its ABI with the instruction set.
#define INLINE static inline __attribute__((always_inline))
// The same for lambdas.
#define INLINED __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
#define ROLLED _Pragma("clang loop unroll(disable)")

// A number that the compiler knows, as an argument of a generic lambda.
template <int N> struct Constant { static constexpr int value = N; };

// std::index_sequence, without the C++ library.
template <int... I> struct Indices {};
template <int N, int... I> struct Range : Range<N - 1, N - 1, I...> {};
template <int... I> struct Range<0, I...> { typedef Indices<I...> type; };
