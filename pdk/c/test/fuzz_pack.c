// fuzz_pack: one of our Packs built natively, given any input: what it answers is always good JSON.
// PACK is the path of its source, as a string.
// SPDX-License-Identifier: Apache-2.0
#include "fake_host.h"
#include "good_json.h"
#include <stdio.h>
#include PACK

static void run(int32_t (*hook)(void), const char *input, size_t length) {
    // The host gives a Pack nothing but good JSON, and holds all that a Pack answers to it.
    host_reset(input, length);
    if (hook() != 0) abort();
    if (host_output && !is_good_json(host_output)) {
        fprintf(stderr, "not good JSON: %s\n", host_output);
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *input = (char *)malloc(size + 1);
    if (!input) return 0;
    if (size) memcpy(input, data, size);
    input[size] = 0;
    if (is_good_json(input)) {
        run(post, input, size);
#ifdef PACK_HAS_CHUNK
        run(chunk, input, size);
#endif
    }
    free(input);
    return 0;
}
