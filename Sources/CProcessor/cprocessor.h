// What the processor that is compiled for can do, where Swift has no word for it. The C compiler's macros follow the same
// -march.

#ifndef CPROCESSOR_H
#define CPROCESSOR_H

#include <stdbool.h>

/// Whether a multiplication and an addition can be one instruction with one rounding. Where they cannot, a fused
/// operation is a call of the C library for every number.
static inline bool CProcessorFusesMultiplyAdd(void) {
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
    return true;
#else
    return false;
#endif
}

/// Eight numbers, SIMD8<Double> in Swift.
typedef double CProcessorVector __attribute__((ext_vector_type(8)));

/// The last number of `left`, and all but the last of `middle`.
///
/// Where there is an instruction for it, it is named: the compiler makes three permutations of the two that the sum of
/// the numbers left and right takes.
static inline __attribute__((always_inline))
CProcessorVector CProcessorWest(CProcessorVector left, CProcessorVector middle) {
#ifdef __AVX512F__
    CProcessorVector result;
    __asm__("valignq $7, %1, %2, %0" : "=v"(result) : "v"(left), "v"(middle));
    return result;
#else
    return __builtin_shufflevector(left, middle, 7, 8, 9, 10, 11, 12, 13, 14);
#endif
}

/// All but the first number of `middle`, and the first of `right`.
static inline __attribute__((always_inline))
CProcessorVector CProcessorEast(CProcessorVector middle, CProcessorVector right) {
#ifdef __AVX512F__
    CProcessorVector result;
    __asm__("valignq $1, %1, %2, %0" : "=v"(result) : "v"(middle), "v"(right));
    return result;
#else
    return __builtin_shufflevector(middle, right, 1, 2, 3, 4, 5, 6, 7, 8);
#endif
}

/// Lets the processor bring the cache line of an address closer, and does not wait for it. Any address will do.
static inline __attribute__((always_inline)) void CProcessorPrefetch(const double *address) {
    __builtin_prefetch(address, 0, 2);
}

#endif
