// Does as much with each chunk of a stream as it may with one: time, context or captures, as its
// configuration says.
#include "hostile.h"

static void spend_time(void) {
    volatile uint32_t rounds = 12 * 1000 * 1000; // far from the limit of one, on slow machines too
    while (rounds > 0) rounds--;
}

HOOK(chunk) {
    static uint32_t calls;
    char kind[16];
    configured("kind", kind, sizeof kind);
    calls++;
    if (kind[0] == 't') spend_time();
    put("{\"capture\":{\"calls\":"), put_number(calls);
    for (uint32_t i = 0; kind[0] == 'c' && i < 100; i++) {
        put(",\"n"), put_number(i), put("\":\"");
        for (int k = 0; k < 2000; k++) put_byte('x');
        put("\"");
    }
    put("},\"context\":\"");
    for (int i = 0; kind[0] == 'x' && i < 200000; i++) put_byte('x');
    put("\"}");
    return done();
}
