// The twin in C with AVX-512: twin SAMPLES, a multiple of 96. It makes the same points from the same counters as
// QuarterCircle.swift.
#include <immintrin.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { blocks = 6 };  // in parallel: with fewer, the multipliers wait; with more, there are too few registers

static inline __mmask8 inside(__m512i x, __m512i y) {
    const __m512i one = _mm512_set1_epi64(1);
    x = _mm512_or_si512(x, one);
    y = _mm512_or_si512(y, one);
    __m512i rest = _mm512_xor_si512(_mm512_mul_epu32(x, x), _mm512_set1_epi64(-1));
    return _mm512_cmple_epu64_mask(_mm512_mul_epu32(y, y), rest);
}

static uint64_t hits(uint64_t samples, uint64_t key) {
    const __m512i m0 = _mm512_set1_epi64(0xD2511F53), m1 = _mm512_set1_epi64(0xCD9E8D57);
    __m512i k0[10], k1[10];
    for (int i = 0; i < 10; i++) {
        k0[i] = _mm512_set1_epi64((uint32_t)key + i * 0x9E3779B9u);
        k1[i] = _mm512_set1_epi64((uint32_t)(key >> 32) + i * 0xBB67AE85u);
    }
    __m512i index = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
    __m512i count = _mm512_setzero_si512(), one = _mm512_set1_epi64(1);
    for (uint64_t n = 0; n < samples; n += 16 * blocks) {
        __m512i c0[blocks], c1[blocks], c2[blocks], c3[blocks];
#pragma GCC unroll 8
        for (int b = 0; b < blocks; b++) {
            c0[b] = index;
            c1[b] = _mm512_srli_epi64(index, 32);
            c2[b] = c3[b] = _mm512_setzero_si512();
            index = _mm512_add_epi64(index, _mm512_set1_epi64(8));
        }
#pragma GCC unroll 10
        for (int i = 0; i < 10; i++) {
#pragma GCC unroll 8
            for (int b = 0; b < blocks; b++) {
                __m512i p0 = _mm512_mul_epu32(c0[b], m0), p1 = _mm512_mul_epu32(c2[b], m1);
                c0[b] = _mm512_ternarylogic_epi64(_mm512_srli_epi64(p1, 32), c1[b], k0[i], 0x96);
                c2[b] = _mm512_ternarylogic_epi64(_mm512_srli_epi64(p0, 32), c3[b], k1[i], 0x96);
                c1[b] = p1;
                c3[b] = p0;
            }
        }
#pragma GCC unroll 8
        for (int b = 0; b < blocks; b++) {
            count = _mm512_mask_add_epi64(count, inside(c0[b], c1[b]), count, one);
            count = _mm512_mask_add_epi64(count, inside(c2[b], c3[b]), count, one);
        }
    }
    return _mm512_reduce_add_epi64(count);
}

int main(int argc, char **argv) {
    if (argc != 2) return 64;
    uint64_t samples = strtoull(argv[1], NULL, 10);
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    uint64_t result = hits(samples, 2017);
    clock_gettime(CLOCK_MONOTONIC, &end);
    double seconds = (end.tv_sec - start.tv_sec) + 1e-9 * (end.tv_nsec - start.tv_nsec);
    printf("%.6g samples/s, hits %" PRIu64 "\n", samples / seconds, result);
}
