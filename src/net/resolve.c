// SPDX-License-Identifier: Apache-2.0
#include "net/resolve.h"
#include "net/address.h"
#include <netdb.h>
#include <stdio.h>

static const char *ask(const tskl_target *target, struct addrinfo **out) {
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    tskl_slice host = target->host;
    char name[256], port[8];
    bool literal = tskl_address_is_literal(host);
    hints.ai_flags = AI_NUMERICSERV | (literal ? AI_NUMERICHOST : 0);
    if (literal && host.ptr[0] == '[') host = (tskl_slice){host.ptr + 1, host.len - 2};
    if (!tskl_slice_to_cstr(host, name, sizeof name)) return "its name is too long";
    snprintf(port, sizeof port, "%u", (unsigned)target->port);
    int failure = getaddrinfo(name, port, &hints, out);
    return failure ? gai_strerror(failure) : NULL;
}

static tskl_status keep(const struct addrinfo *found, bool any_address, tskl_addresses *out,
                        tskl_error *err) {
    char text[TSKL_ADDRESS_TEXT_MAX];
    for (; found && out->count < TSKL_ADDRESSES_MAX; found = found->ai_next) {
        const char *problem = any_address ? NULL : tskl_address_problem(found->ai_addr);
        tskl_address_text(found->ai_addr, text);
        if (problem) return tskl_fail(err, TSKL_ERR_INVALID, "it leads to %s, %s", text, problem);
        if (found->ai_addrlen <= sizeof *out->items)
            memcpy(&out->items[out->count++], found->ai_addr, found->ai_addrlen);
    }
    if (out->count) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_NETWORK, "its name has no address");
}

tskl_status tskl_resolve(const tskl_target *target, bool any_address, tskl_addresses *out,
                         tskl_error *err) {
    struct addrinfo *found = NULL;
    *out = (tskl_addresses){0};
    const char *why = ask(target, &found);
    if (why) return tskl_fail(err, TSKL_ERR_NETWORK, "its name has no address: %s", why);
    tskl_status status = keep(found, any_address, out, err);
    freeaddrinfo(found);
    if (status) *out = (tskl_addresses){0};
    return status;
}

static uint16_t port_of(const struct sockaddr *address) {
    struct sockaddr_in four; // the port lies at the same place in both families
    memcpy(&four, address, sizeof four);
    return four.sin_port;
}

bool tskl_addresses_have(const tskl_addresses *addresses, const struct sockaddr *address) {
    for (size_t i = 0; i < addresses->count; i++)
        if (tskl_address_same(&addresses->items[i].any, address) &&
            port_of(&addresses->items[i].any) == port_of(address))
            return true;
    return false;
}

const char *tskl_addresses_pin(const tskl_addresses *addresses, const tskl_target *target,
                               tskl_arena *arena) {
    char text[TSKL_ADDRESS_TEXT_MAX];
    const char *pin =
        tskl_arena_printf(arena, TSKL_FMT ":%u:", TSKL_ARG(target->host), (unsigned)target->port);
    for (size_t i = 0; i < addresses->count && pin; i++) {
        bool six = addresses->items[i].any.sa_family == AF_INET6;
        tskl_address_text(&addresses->items[i].any, text);
        pin = tskl_arena_printf(arena, "%s%s%s%s%s", pin, i ? "," : "", six ? "[" : "", text,
                                six ? "]" : "");
    }
    return pin;
}
