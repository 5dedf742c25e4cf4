// A Pack as it should be: it runs before and after each of the others and has to be left alone.
#include "hostile.h"

HOOK(pre) {
    put("{\"capture\":{\"pre\":true},\"context\":{\"kept\":1}}");
    return done();
}

HOOK(post) {
    put("{\"capture\":{\"post\":true}}");
    return done();
}
