// Counts the hits of pimc with the reference implementation of Philox4x32-10 (Random123): philox SAMPLES SEED [FIRST].
#include <Random123/philox.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static int inside(uint32_t x, uint32_t y) {
    unsigned __int128 a = x | 1, b = y | 1;
    return a * a + b * b < (unsigned __int128)1 << 64;
}

int main(int argc, char **argv) {
    uint64_t samples = strtoull(argv[1], NULL, 10), seed = strtoull(argv[2], NULL, 10);
    uint64_t first = argc > 3 ? strtoull(argv[3], NULL, 10) : 0, hits = 0;
    philox4x32_key_t key = {{(uint32_t)seed, (uint32_t)(seed >> 32)}};
    for (uint64_t n = first; n < first + samples; n++) {
        philox4x32_ctr_t counter = {{(uint32_t)(n / 2), (uint32_t)(n / 2 >> 32), 0, 0}};
        philox4x32_ctr_t words = philox4x32(counter, key);
        hits += n % 2 ? inside(words.v[2], words.v[3]) : inside(words.v[0], words.v[1]);
        // The two samples of a counter, without computing its words twice.
        if (n % 2 == 0 && n + 1 < first + samples) n++, hits += inside(words.v[2], words.v[3]);
    }
    printf("%" PRIu64 "\n", hits);
}
