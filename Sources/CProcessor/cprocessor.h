// What the processor that is compiled for can do, where Swift has no word for it. The C compiler's macros follow the
// same -march.

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

// Eight numbers of the sixteen in `a` and `b`, from number `n` on. Where there is an instruction for it, it is named:
// the compiler makes three permutations of the two that the sum of the numbers left and right takes.
#ifdef __AVX512F__
#define CPROCESSOR_EIGHT_FROM(n, a, b) \
    __extension__({ \
        CProcessorVector eight; \
        __asm__("valignq %3, %1, %2, %0" : "=v"(eight) : "v"(a), "v"(b), "i"(n)); \
        eight; \
    })
#else
#define CPROCESSOR_EIGHT_FROM(n, a, b) \
    __builtin_shufflevector(a, b, n, n + 1, n + 2, n + 3, n + 4, n + 5, n + 6, n + 7)
#endif

/// The last number of `left`, and all but the last of `middle`.
static inline __attribute__((always_inline))
CProcessorVector CProcessorWest(CProcessorVector left, CProcessorVector middle) {
    return CPROCESSOR_EIGHT_FROM(7, left, middle);
}

/// All but the first number of `middle`, and the first of `right`.
static inline __attribute__((always_inline))
CProcessorVector CProcessorEast(CProcessorVector middle, CProcessorVector right) {
    return CPROCESSOR_EIGHT_FROM(1, middle, right);
}

/// Lets the processor bring the cache line of an address closer, and does not wait for it. Any address will do.
static inline __attribute__((always_inline)) void CProcessorPrefetch(const double *address) {
    __builtin_prefetch(address, 0, 2);
}

#endif
