// @NAME@: why a call to @NAME@ failed.
#include "taskless_pdk.h"

// What the Pack looks at, as a tree: a name one space further in is wanted of the name above it.
enum { RESPONSE, STATUS, HEADERS, REQUEST_ID, BODY, ERROR, CODE, WANTED };
static const char *const wanted[WANTED] = {
    [RESPONSE] = "response",
    [STATUS] = " status",
    [HEADERS] = " headers",
    [REQUEST_ID] = "  x-request-id",
    [BODY] = " body",
    [ERROR] = "  error",
    [CODE] = "   code",
};

TSKL_HOOK(post) {
    tskl_json in[WANTED];
    tskl_input(wanted, in, WANTED);
    // What a status means everywhere, then what this service means by its own codes.
    tskl_verdict verdict = tskl_verdict_of(tskl_class_of_status(tskl_count(in[STATUS], 0)));
    if (tskl_is(in[CODE], "out_of_credit")) verdict = tskl_verdict_of(TSKL_CLASS_QUOTA);

    tskl_capture_class(&verdict);
    tskl_capture("error.code", in[CODE]);
    tskl_capture_retry(&verdict);
    tskl_capture("request_id", in[REQUEST_ID]);
    return tskl_done();
}
