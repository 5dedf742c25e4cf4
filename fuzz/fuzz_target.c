// URLs that a Pack may call: what is taken is taken for the same host and port by libcurl, and by
// ourselves when it is read again.
// SPDX-License-Identifier: Apache-2.0
#include "must.h"
#include "net/address.h"
#include "net/target.h"
#include <curl/curl.h>

static bool part_is(CURLU *url, CURLUPart part, tskl_slice expected) {
    char *text = NULL;
    CURLUcode code = curl_url_get(url, part, &text, CURLU_DEFAULT_PORT);
    bool same =
        code == CURLUE_OK ? tskl_slice_equal(tskl_slice_of(text), expected) : expected.len == 0;
    curl_free(text);
    return same;
}

static void must_be_the_same_to_libcurl(const tskl_target *target) {
    char port[8];
    CURLU *url = curl_url();
    MUST(url && curl_url_set(url, CURLUPART_URL, target->url, CURLU_PATH_AS_IS) == CURLUE_OK);
    snprintf(port, sizeof port, "%u", (unsigned)target->port);
    MUST(part_is(url, CURLUPART_SCHEME, target->secure ? TSKL_S("https") : TSKL_S("http")));
    // libcurl writes IPv6 addresses in their shortest form.
    if (target->host.ptr[0] != '[') MUST(part_is(url, CURLUPART_HOST, target->host));
    MUST(part_is(url, CURLUPART_PORT, tskl_slice_of(port)));
    MUST(part_is(url, CURLUPART_USER, (tskl_slice){NULL, 0}));
    MUST(part_is(url, CURLUPART_PASSWORD, (tskl_slice){NULL, 0}));
    MUST(part_is(url, CURLUPART_FRAGMENT, (tskl_slice){NULL, 0}));
    curl_url_cleanup(url);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tskl_arena arena = {0};
    tskl_target target, again;
    tskl_error err;
    if (tskl_target_parse(tskl_slice_make(data, size), &arena, &target, &err) == TSKL_OK) {
        must_be_the_same_to_libcurl(&target);
        tskl_slice url = tskl_slice_of(target.url);
        if (url.len <= TSKL_TARGET_MAX) {
            MUST(tskl_target_parse(url, &arena, &again, &err) == TSKL_OK);
            MUST(strcmp(again.url, target.url) == 0 && strcmp(again.label, target.label) == 0);
        }
        MUST(tskl_slice_starts(url, tskl_slice_of(target.secure ? "https://" : "http://")));
        if (tskl_address_is_loopback(target.host)) MUST(tskl_address_is_literal(target.host));
    } else {
        MUST(!target.url && !target.label && err.message[0]);
    }
    tskl_arena_reset(&arena);
    return 0;
}
