// The remainder of CRC-32C (Castagnoli) by the processor's own instruction, which Swift cannot express.
//
// This is a plain division that starts with 0 and inverts nothing, so that it is linear. Without the instruction it
// uses a table of 256 remainders, at a tenth of the speed.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE4_2__) && defined(__x86_64__)
#define CCHECKSUM_WORD(crc, word) ((uint32_t)__builtin_ia32_crc32di((crc), (word)))
#elif defined(__ARM_FEATURE_CRC32)
#define CCHECKSUM_WORD(crc, word) __builtin_arm_crc32cd((crc), (word))
#else
static inline uint32_t CChecksum_word(uint32_t crc, uint64_t word) {
    static uint32_t table[256];
    if (table[1] == 0) {
        for (uint32_t byte = 256; byte-- > 0;) {
            uint32_t remainder = byte;
            for (int bit = 0; bit < 8; bit++) remainder = remainder >> 1 ^ (remainder & 1 ? 0x82F63B78u : 0);
            table[byte] = remainder;
        }
    }
    for (int byte = 0; byte < 8; byte++, word >>= 8) crc = crc >> 8 ^ table[(crc ^ word) & 0xFF];
    return crc;
}
#define CCHECKSUM_WORD(crc, word) CChecksum_word((crc), (word))
#endif

/// Computes the remainders of three runs of `count` 8-byte words side by side, because each step of a single run has to
/// wait for the previous one.
static inline void CChecksum_remainders(const void *a, const void *b, const void *c, size_t count, uint32_t out[3]) {
    uint32_t ra = 0, rb = 0, rc = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t wa, wb, wc;
        memcpy(&wa, (const char *)a + 8 * i, 8);
        memcpy(&wb, (const char *)b + 8 * i, 8);
        memcpy(&wc, (const char *)c + 8 * i, 8);
        ra = CCHECKSUM_WORD(ra, wa);
        rb = CCHECKSUM_WORD(rb, wb);
        rc = CCHECKSUM_WORD(rc, wc);
    }
    out[0] = ra;
    out[1] = rb;
    out[2] = rc;
}
