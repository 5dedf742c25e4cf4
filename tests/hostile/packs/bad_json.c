// Answers with what is no JSON, or none that anybody could want: which, the configuration says.
#include "hostile.h"

static void put_times(const char *text, uint32_t count) {
    while (count-- > 0) put(text);
}

HOOK(post) {
    char kind[32];
    configured("kind", kind, sizeof kind);
    switch (kind[0]) {
    case 'c': put("{\"capture\":{\"a\":1"); break;                            // cut
    case 'a': put("[1,2,3]"); break;                                          // an array
    case 'n': put("nothing"); break;                                          // no JSON at all
    case 'u': put("{\"capture\":{\"a\":\"\xff\xfe\"}}"); break;               // not UTF-8
    case 'l': put("{\"capture\":[\"a\"]}"); break;                            // captures as a list
    case 'z': put("{\"capture\":{\"a\":\""), put_byte(0), put("\"}}"); break; // a zero byte
    case 'd': put_times("[", 100000), put_times("]", 100000); break;          // deep
    case 'w': put_times("{\"capture\":{\"a\":1}}", 2); break;                 // two of them
    case 'm': // many small values: each is dearer to keep than to write
        put("{\"context\":[0"), put_times(",0", 120000), put("]}");
        break;
    default: put("{\"capture\":{\"a\":1e999999}}"); break; // no number that fits
    }
    return done();
}
