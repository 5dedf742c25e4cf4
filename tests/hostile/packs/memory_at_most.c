// Takes all the memory that there is, and says how much that was.
#include "hostile.h"

HOOK(post) {
    while (__builtin_wasm_memory_grow(0, 1) != (size_t)-1) {}
    put("{\"capture\":{\"pages\":"), put_number(__builtin_wasm_memory_size(0)), put("}}");
    return done();
}
