// Answers with a list of a million numbers, which the host has to read: that takes longer than to write it.
#include "hostile.h"

HOOK(post) {
    put("{\"x\":[1");
    for (uint32_t i = 0; i < 1000000; i++) put(",1");
    put("]}");
    return done();
}
