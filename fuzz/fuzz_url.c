// URLs: the parts lie in the text one behind another, and masking is done once and for all.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/mask.h"
#include "exchange/url.h"
#include "must.h"

static void must_lie_in_order(tskl_slice text, const tskl_slice *parts, size_t count) {
    const char *at = text.ptr;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].len == 0) continue;
        MUST(parts[i].ptr >= at && parts[i].ptr + parts[i].len <= text.ptr + text.len);
        at = parts[i].ptr + parts[i].len;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tskl_slice text = tskl_slice_make(data, size), shown, again;
    tskl_url url = tskl_url_parse(text);
    tskl_slice parts[] = {url.scheme, url.userinfo, url.host, url.path, url.query, url.fragment};
    must_lie_in_order(text, parts, TSKL_COUNT(parts));

    tskl_arena arena = {0};
    tskl_secrets secrets = {0};
    MUST(tskl_mask_url(NULL, text, &arena, &shown, &secrets, NULL) == TSKL_OK);
    tskl_url masked = tskl_url_parse(shown);
    MUST(tskl_slice_equal(masked.scheme, url.scheme) && tskl_slice_equal(masked.host, url.host));
    MUST(masked.port == url.port);
    MUST(masked.userinfo.len == 0 && masked.fragment.len == 0);
    MUST(tskl_mask_url(NULL, shown, &arena, &again, &secrets, NULL) == TSKL_OK);
    MUST(tskl_slice_equal(shown, again));
    for (size_t i = 0; i < secrets.count; i++) MUST(tskl_secrets_in(&secrets, secrets.items[i]));
    tskl_arena_reset(&arena);
    return 0;
}
