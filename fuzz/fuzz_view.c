// Whole exchanges: fields of the input, a zero between two, as a client would report them. No
// secret is left where the record shows text of the application's.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/url.h"
#include "exchange/view.h"
#include "must.h"

enum { CAP = 64 * 1024 };

static tskl_exchange *report(tskl_slice input) {
    uint8_t choice = take_byte(&input);
    tskl_request request = {.size = sizeof request};
    request.time_us = 1;
    request.method = tskl_slice_split(&input, 0);
    request.url = tskl_slice_split(&input, 0);
    request.headers = tskl_slice_split(&input, 0);
    tskl_exchange *exchange = tskl_exchange_new(&request, choice & 7, CAP);
    MUST(exchange);
    tskl_exchange_add_sent(exchange, 1, tskl_slice_split(&input, 0));
    tskl_slice headers = tskl_slice_split(&input, 0);
    if (choice & 8) tskl_exchange_set_response(exchange, 2, choice * 2, headers);
    tskl_exchange_add_received(exchange, 3, tskl_slice_split(&input, 0));
    tskl_slice code = tskl_slice_split(&input, 0);
    tskl_exchange_end(exchange, 4, (tskl_ending)((choice >> 4) % 3), code, input);
    return exchange;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tskl_exchange *exchange = report(tskl_slice_make(data, size));
    tskl_view view;
    MUST(tskl_view_make(exchange, NULL, CAP, &view, NULL) == TSKL_OK);
    tskl_url url = tskl_url_parse(view.url);
    MUST(url.userinfo.len == 0 && url.fragment.len == 0);
    MUST(!tskl_secrets_in(&view.secrets, view.error_message));
    MUST(!tskl_secrets_in(&view.secrets, view.error_code));
    MUST(view.error_message.len <= TSKL_VIEW_ERROR_MAX);
    MUST(view.error_kind.len == 0 || exchange->status == 0);
    MUST(view.path.len > 0 && (view.trace_id.len == 0 || view.trace_id.len == 32));
    tskl_exchange_free(exchange);
    return 0;
}
