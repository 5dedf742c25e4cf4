// large: as much native code as a JavaScript engine becomes, about 2 MB, to see what loading costs.
// SPDX-License-Identifier: Apache-2.0
#include "taskless_pdk.h"

// clang-format off: it takes these apart
#define STEP(n)                                                                                    \
    x = (x ^ (x >> (n % 31 + 1))) * (seed + n);                                                    \
    if (x & (1ull << (n % 61))) y += x * n;                                                        \
    else y ^= x + n;
#define STEPS(n) STEP(n) STEP(n + 1) STEP(n + 2) STEP(n + 3) STEP(n + 4) STEP(n + 5) STEP(n + 6)
#define FUNCTION(n)                                                                                \
    TSKL_SHARED uint64_t function_##n(uint64_t x, uint64_t y) {                                    \
        const uint64_t seed = 0x9e3779b97f4a7c15u + n * 2;                                         \
        STEPS(1) STEPS(8) STEPS(15) STEPS(22) STEPS(29) STEPS(36) STEPS(43) STEPS(50)              \
        return x ^ y;                                                                              \
    }
#define TEN(m, n)                                                                                  \
    m(n##0) m(n##1) m(n##2) m(n##3) m(n##4) m(n##5) m(n##6) m(n##7) m(n##8) m(n##9)
#define HUNDRED(m, n)                                                                              \
    TEN(m, n##0) TEN(m, n##1) TEN(m, n##2) TEN(m, n##3) TEN(m, n##4)                               \
    TEN(m, n##5) TEN(m, n##6) TEN(m, n##7) TEN(m, n##8) TEN(m, n##9)
#define ALL(m) HUNDRED(m, 1) HUNDRED(m, 2) HUNDRED(m, 3) HUNDRED(m, 4)
#define ENTRY(n) function_##n,

ALL(FUNCTION)
static uint64_t (*const functions[])(uint64_t, uint64_t) = {ALL(ENTRY)};
// clang-format on

TSKL_HOOK(post) {
    uint64_t length = extism_input_length();
    return (int32_t)(functions[length % TSKL_COUNT(functions)](length, 1) & 0);
}
