// Our reading of JSON beside jansson's, on texts that are nearly right.
// SPDX-License-Identifier: Apache-2.0
#include "base/json_lexer.h"
#include "harness.h"
#include <jansson.h>

static uint64_t state = 88172645463325252u;

static size_t chance(size_t below) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (size_t)(state % below);
}

// One to three bytes changed, left out, doubled or put in.
static tskl_slice mutate(tskl_slice seed, char *room) {
    static const char bytes[] = "{}[]\",:\\0123456789.eE+-truefalsn \n\t\x01\x7f\xc3\xa9\xff/u";
    size_t len = seed.len;
    memcpy(room, seed.ptr, len);
    for (size_t changes = 1 + chance(3); changes > 0 && len > 1; changes--) {
        size_t at = chance(len);
        if (chance(3) == 0) {
            memmove(room + at, room + at + 1, --len - at);
        } else if (chance(2) == 0) {
            memmove(room + at + 1, room + at, len++ - at);
        } else {
            room[at] = bytes[chance(sizeof bytes - 1)];
        }
    }
    return (tskl_slice){room, len};
}

// What jansson has no room for, though RFC 8259 allows it: numbers past a double, halves of
// characters, NUL in a name.
static bool is_beyond_jansson(const json_error_t *error) {
    return strstr(error->text, "overflow") || strstr(error->text, "too big") ||
           strstr(error->text, "Unicode") || strstr(error->text, "NUL byte");
}

TEST_ONCE(json_peer, takes_and_refuses_what_jansson_does) {
    static const char *const seeds[] = {
        "{\"a\":1,\"b\":[true,false,null,\"x\\n\\u00e9\\ud83d\\ude00\"],\"c\":{\"d\":-0.5e+3}}",
        "[[[[]]],{},{\"\":\"\"},0,-1,1.5,1e2,\"\xc3\xa9\"]",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        " {\"error\" : {\"type\":\"card_error\",\"code\":null} } ",
    };
    for (size_t i = 0; i < 200000; i++) {
        char room[256];
        tskl_slice text = mutate(tskl_slice_of(seeds[i % TSKL_COUNT(seeds)]), room);
        json_error_t error;
        json_t *document = json_loadb(
            text.ptr, text.len, JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &error);
        bool theirs = document != NULL, ours = tskl_json_is_valid(text);
        json_decref(document);
        CHECK_SAY(ours == theirs || (ours && is_beyond_jansson(&error)),
                  "ours %d, theirs %d (%s): " TSKL_FMT, ours, theirs, theirs ? "" : error.text,
                  TSKL_ARG(text));
    }
}
