// Properties and instructions of the target processor that Swift cannot express. The C compiler's macros depend on the
// same -march option.

#ifndef CPROCESSOR_H
#define CPROCESSOR_H

#include <stdbool.h>

/// Whether the processor has a fused multiply-add instruction. Otherwise a fused operation calls the C library for
/// every number.
static inline bool CProcessorFusesMultiplyAdd(void) {
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
    return true;
#else
    return false;
#endif
}

/// A vector of eight numbers, SIMD8<Double> in Swift.
typedef double CProcessorVector __attribute__((ext_vector_type(8)));

// Eight of the sixteen numbers in `a` and `b`, starting with number `n`. If there is an instruction for this, it is
// used explicitly: for the sum of the left and right neighbors, the compiler generates three permutations where two are
// enough.
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

/// Returns the last number of `left` and all but the last number of `middle`.
static inline __attribute__((always_inline))
CProcessorVector CProcessorWest(CProcessorVector left, CProcessorVector middle) {
    return CPROCESSOR_EIGHT_FROM(7, left, middle);
}

/// Returns all but the first number of `middle` and the first number of `right`.
static inline __attribute__((always_inline))
CProcessorVector CProcessorEast(CProcessorVector middle, CProcessorVector right) {
    return CPROCESSOR_EIGHT_FROM(1, middle, right);
}

/// Prefetches the cache line of an address without waiting for it. Any address is allowed.
static inline __attribute__((always_inline)) void CProcessorPrefetch(const double *address) {
    __builtin_prefetch(address, 0, 2);
}

#endif
