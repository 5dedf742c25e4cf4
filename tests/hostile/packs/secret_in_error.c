// Fails, and tells a secret of the exchange as its reason; once at a place where the text is cut.
#include "hostile.h"

HOOK(post) {
    char key[256], far[8];
    configured("key", key, sizeof key);
    if (configured("far", far, sizeof far))
        for (int i = 0; i < 500; i++) put_byte('.');
    put("it was refused with "), put(key);
    host_error_set(block_of(out, used));
    return 1;
}
