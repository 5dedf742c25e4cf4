// pack: says what passed in a call, and traps in one of so many, told by the call's number.
// SPDX-License-Identifier: Apache-2.0
#include "taskless_pdk.h"

enum { REQUEST, HEADERS, NUMBER, RESPONSE, BODY, ANSWERED, CONFIGURATION, ONE_IN, WANTED };
static const char *const wanted[WANTED] = {
    [REQUEST] = "request",
    [HEADERS] = " headers",
    [NUMBER] = "  x-number",
    [RESPONSE] = "response",
    [BODY] = " body",
    [ANSWERED] = "  number",
    [CONFIGURATION] = "configuration",
    [ONE_IN] = " one_in",
};

// As in chance.mjs, which knows beforehand what becomes of each call.
static uint32_t scrambled(uint32_t number) {
    number = (number ^ number >> 16) * 0x7feb352d;
    number = (number ^ number >> 15) * 0x846ca68b;
    return number ^ number >> 16;
}

static void trap_at_times(const tskl_json *in, bool before) {
    uint32_t one_in = (uint32_t)tskl_count(in[ONE_IN], 0);
    uint32_t chance = scrambled((uint32_t)tskl_count(in[NUMBER], 0));
    if (one_in && chance / 2 % one_in == 0 && chance % 2 == before) __builtin_trap();
}

TSKL_HOOK(pre) {
    tskl_json in[WANTED];
    tskl_input(wanted, in, WANTED);
    trap_at_times(in, true);
    tskl_capture("asked", in[NUMBER]);
    return tskl_done();
}

TSKL_HOOK(post) {
    tskl_json in[WANTED];
    tskl_input(wanted, in, WANTED);
    trap_at_times(in, false);
    tskl_capture("answered", in[ANSWERED]);
    return tskl_done();
}
