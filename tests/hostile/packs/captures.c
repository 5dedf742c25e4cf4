// Reports 100,000 captures, and some of them again.
#include "hostile.h"

HOOK(post) {
    put("{\"capture\":{\"first\":true");
    for (uint32_t i = 0; i < 100000; i++) put(",\"n"), put_number(i), put("\":1");
    put(",\"first\":false}}");
    return done();
}
