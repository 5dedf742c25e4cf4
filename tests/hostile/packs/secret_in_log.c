// Writes a secret of the exchange to its log, and more lines than it may.
#include "hostile.h"

HOOK(post) {
    char key[256];
    configured("key", key, sizeof key);
    put("sent with "), put(key);
    host_log_error(block_of(out, used));
    for (uint32_t i = 0; i < 1000; i++) {
        used = 0;
        put("\x1b[2Jline "), put_number(i), put("\nsecond half");
        host_log_error(block_of(out, used));
    }
    used = 0;
    put("{\"capture\":{\"logged\":true}}");
    return done();
}
