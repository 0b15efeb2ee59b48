// What the processor that is compiled for can do. Swift has no compilation condition for it; the C compiler's macros
// follow the same -march.

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

#endif
