// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "net/resolve.h"
#include <arpa/inet.h>

static tskl_status resolve(tskl_test *t, const char *url, bool any_address, tskl_target *target,
                           tskl_addresses *out) {
    TSKL_TRY(tskl_target_parse(tskl_slice_of(url), t->arena, target, &t->err));
    return tskl_resolve(target, any_address, out, &t->err);
}

TEST(resolve, refuses_a_name_for_one_address_that_is_not_public) {
    tskl_target target;
    tskl_addresses addresses;
    CHECK_OK(resolve(t, "http://8.8.8.8/", false, &target, &addresses));
    CHECK(addresses.count == 1);
    CHECK_STATUS(TSKL_ERR_INVALID, resolve(t, "http://localhost/", false, &target, &addresses));
    CHECK_HAS(t->err.message, "a loopback address");
    CHECK(addresses.count == 0);
    CHECK_OK(resolve(t, "http://localhost/", true, &target, &addresses));
    CHECK(addresses.count > 0);
}

// What libcurl is told, and what it is held to.
TEST(resolve, knows_its_addresses_with_their_port) {
    tskl_target target;
    tskl_addresses addresses;
    CHECK_OK(resolve(t, "https://127.0.0.1:9/", true, &target, &addresses));
    struct sockaddr_in four = {
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(9)};
    CHECK(tskl_addresses_have(&addresses, (struct sockaddr *)&four));
    CHECK(!tskl_addresses_have(&addresses, (struct sockaddr *)&six));
    four.sin_port = htons(10);
    CHECK(!tskl_addresses_have(&addresses, (struct sockaddr *)&four));
    four.sin_port = htons(9);
    four.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
    CHECK(!tskl_addresses_have(&addresses, (struct sockaddr *)&four));
}

TEST(resolve, pins_a_name_to_its_addresses) {
    tskl_target target;
    tskl_addresses addresses = {.count = 2};
    CHECK_OK(tskl_target_parse(TSKL_S("https://a.example/"), t->arena, &target, &t->err));
    addresses.items[0].four = (struct sockaddr_in){.sin_family = AF_INET};
    addresses.items[1].six = (struct sockaddr_in6){.sin6_family = AF_INET6};
    inet_pton(AF_INET, "192.0.2.1", &addresses.items[0].four.sin_addr);
    inet_pton(AF_INET6, "2001:db8::1", &addresses.items[1].six.sin6_addr);
    const char *pin = tskl_addresses_pin(&addresses, &target, t->arena);
    CHECK(pin);
    CHECK_TEXT(TSKL_S("a.example:443:192.0.2.1,[2001:db8::1]"), tskl_slice_of(pin));
}
