// SPDX-License-Identifier: Apache-2.0
#include "net/address.h"
#include <arpa/inet.h>
#include <netinet/in.h>

// The first `bits` bits of an address.
typedef struct range {
    uint8_t prefix[16];
    uint8_t bits;
    const char *what;
} range;

// IANA's special-purpose registry, and two addresses in public ranges that clouds answer their
// guests' metadata at. A narrower range stands before the one that it is in.
static const range ranges4[] = {
    {{0}, 8, "an address of this network"},
    {{10}, 8, "a private address"},
    {{100, 100, 100, 200}, 32, "a cloud's metadata address"},
    {{100, 64}, 10, "a carrier's shared address"},
    {{127}, 8, "a loopback address"},
    {{168, 63, 129, 16}, 32, "a cloud's metadata address"},
    {{169, 254, 169, 254}, 32, "a cloud's metadata address"},
    {{169, 254}, 16, "a link-local address"},
    {{172, 16}, 12, "a private address"},
    {{192, 0, 0}, 24, "a reserved address"},
    {{192, 0, 2}, 24, "a documentation address"},
    {{192, 88, 99}, 24, "a relay address"},
    {{192, 168}, 16, "a private address"},
    {{198, 18}, 15, "a benchmarking address"},
    {{198, 51, 100}, 24, "a documentation address"},
    {{203, 0, 113}, 24, "a documentation address"},
    {{224}, 4, "a multicast address"},
    {{240}, 4, "a reserved address"},
};

// Beside these only 2000::/3 is handed out, so that all else is refused whatever it is called.
static const range ranges6[] = {
    {{[15] = 1}, 128, "a loopback address"},
    {{0xfc}, 7, "a private address"},
    {{0xfe, 0x80}, 10, "a link-local address"},
    {{0xfe, 0xc0}, 10, "a private address"},
    {{0xff}, 8, "a multicast address"},
    {{0x20, 0x01, 0x0d, 0xb8}, 32, "a documentation address"},
    {{0x3f, 0xff}, 20, "a documentation address"},
    {{0x20, 0x01}, 23, "a reserved address"}, // Teredo is in here, and looked at before
};
static const range handed_out6 = {{0x20}, 3, NULL};

static const range mapped6 = {{[10] = 0xff, [11] = 0xff}, 96, NULL};
static const range nat64 = {{0x00, 0x64, 0xff, 0x9b}, 96, NULL};
static const range six_to_four = {{0x20, 0x02}, 16, NULL};
static const range teredo = {{0x20, 0x01, 0, 0}, 32, NULL};

static bool is_in(const uint8_t *address, const range *r) {
    size_t whole = r->bits / 8;
    uint8_t mask = (uint8_t)(0xff00u >> (r->bits % 8));
    if (memcmp(address, r->prefix, whole) != 0) return false;
    return r->bits % 8 == 0 || ((address[whole] ^ r->prefix[whole]) & mask) == 0;
}

static const char *problem_in(const uint8_t *address, const range *ranges, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (is_in(address, &ranges[i])) return ranges[i].what;
    return NULL;
}

static const char *problem_of4(const uint8_t address[4]) {
    return problem_in(address, ranges4, sizeof ranges4 / sizeof *ranges4);
}

// Teredo carries the server's address, and the client's with every bit turned over.
static const char *problem_of_teredo(const uint8_t address[16]) {
    uint8_t client[4];
    for (size_t i = 0; i < sizeof client; i++) client[i] = (uint8_t)~address[12 + i];
    const char *problem = problem_of4(address + 4);
    return problem ? problem : problem_of4(client);
}

static const char *problem_of6(const uint8_t address[16]) {
    if (is_in(address, &mapped6) || is_in(address, &nat64)) return problem_of4(address + 12);
    if (is_in(address, &six_to_four)) return problem_of4(address + 2);
    if (is_in(address, &teredo)) return problem_of_teredo(address);
    const char *problem = problem_in(address, ranges6, sizeof ranges6 / sizeof *ranges6);
    if (problem) return problem;
    return is_in(address, &handed_out6) ? NULL : "a reserved address";
}

// The bytes of an address, 4 or 16 of them; 0: of neither family. Copied, since a sockaddr may lie
// at any place in memory.
static size_t bytes_of(const struct sockaddr *address, uint8_t bytes[16]) {
    if (address->sa_family == AF_INET) {
        memcpy(bytes, (const char *)address + offsetof(struct sockaddr_in, sin_addr), 4);
        return 4;
    }
    if (address->sa_family != AF_INET6) return 0;
    memcpy(bytes, (const char *)address + offsetof(struct sockaddr_in6, sin6_addr), 16);
    return 16;
}

const char *tskl_address_problem(const struct sockaddr *address) {
    uint8_t bytes[16];
    size_t count = bytes_of(address, bytes);
    if (count == 0) return "no address of the Internet";
    return count == 4 ? problem_of4(bytes) : problem_of6(bytes);
}

void tskl_address_text(const struct sockaddr *address, char text[TSKL_ADDRESS_TEXT_MAX]) {
    uint8_t bytes[16];
    text[0] = 0;
    if (bytes_of(address, bytes) == 0) return;
    if (!inet_ntop(address->sa_family, bytes, text, TSKL_ADDRESS_TEXT_MAX)) text[0] = 0;
}

bool tskl_address_same(const struct sockaddr *a, const struct sockaddr *b) {
    uint8_t left[16], right[16];
    size_t count = bytes_of(a, left);
    return count && count == bytes_of(b, right) && memcmp(left, right, count) == 0;
}

// Its family, or 0.
static int read_literal(tskl_slice host, uint8_t bytes[16]) {
    char text[TSKL_ADDRESS_TEXT_MAX];
    bool bracketed = host.len > 2 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']';
    if (bracketed) host = (tskl_slice){host.ptr + 1, host.len - 2};
    if (!tskl_slice_to_cstr(host, text, sizeof text)) return 0;
    int family = bracketed ? AF_INET6 : AF_INET;
    return inet_pton(family, text, bytes) == 1 ? family : 0;
}

bool tskl_address_is_literal(tskl_slice host) {
    uint8_t bytes[16];
    return read_literal(host, bytes) != 0;
}

bool tskl_address_is_loopback(tskl_slice host) {
    uint8_t bytes[16];
    int family = read_literal(host, bytes);
    return family == AF_INET ? bytes[0] == 127 : family && is_in(bytes, &ranges6[0]);
}
