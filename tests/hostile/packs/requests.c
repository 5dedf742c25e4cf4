// Makes the request that its configuration describes, as often as that says, and captures what came
// of the last one. In every hook that it has.
#include "hostile.h"

IMPORT(http_request) uint64_t host_http_request(uint64_t request, uint64_t body);
IMPORT(http_status_code) int32_t host_http_status_code(void);
IMPORT(http_headers) uint64_t host_http_headers(void);

static char request[8192], number[16], text[64];

static uint32_t configured_number(const char *key) {
    uint32_t value = 0;
    configured(key, number, sizeof number);
    for (const char *digit = number; *digit; digit++) value = value * 10 + (uint32_t)(*digit - '0');
    return value;
}

// As many bytes as told, of which nobody looks at one.
static uint64_t body_of(uint32_t bytes) {
    return bytes ? host_alloc(bytes) : 0;
}

static void capture_answer(uint64_t answer) {
    size_t length = 0, size = (size_t)host_length(answer);
    for (; length < size && length + 1 < sizeof text; length++)
        text[length] = (char)host_load_u8(answer + length);
    text[length] = 0;
    put("{\"capture\":{\"status\":"), put_number((uint32_t)host_http_status_code());
    put(",\"bytes\":"), put_number((uint32_t)size);
    put(",\"headers\":"), put_number((uint32_t)host_length(host_http_headers()));
    put(",\"text\":\"");
    for (const char *c = text; *c; c++)
        if (*c >= ' ' && *c <= '~' && *c != '"' && *c != '\\') put_byte(*c);
    put("\"}}");
}

static int32_t make_requests(void) {
    uint32_t times = configured_number("times"), bytes = configured_number("bytes");
    size_t length = configured("request", request, sizeof request);
    uint64_t answer = 0;
    for (uint32_t i = 0; i < times; i++)
        answer = host_http_request(block_of(request, length), body_of(bytes));
    capture_answer(answer);
    return done();
}

HOOK(pre) {
    return make_requests();
}

HOOK(post) {
    return make_requests();
}
