// must: what has to hold for every input, and a few bytes of it to choose by.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_FUZZ_MUST_H
#define TSKL_FUZZ_MUST_H
#include "base/slice.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition);          \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/** Takes the first byte of the input; 0 of an empty one. */
static inline uint8_t take_byte(tskl_slice *input) {
    uint8_t byte = input->len ? (uint8_t)input->ptr[0] : 0;
    *input = tskl_slice_from(*input, 1);
    return byte;
}
#endif
