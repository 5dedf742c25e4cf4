// A call as its bytes pass: however the network cuts them, the same is told of it, and its end
// once. SPDX-License-Identifier: Apache-2.0
#include "base/buf.h"
#include "must.h"
#include "wire.h"

// What was told of one call. It stands where the observer's exchange would.
struct tskl_exchange {
    tskl_buf sent, received;
    int status, responses, endings;
    tskl_ending ending;
};

static tskl_exchange told;

tskl_exchange *tskl_exchange_begin(tskl_observer *observer, const tskl_request *request,
                                   unsigned *wants) {
    (void)observer;
    MUST(request->method.len > 0 && request->url.len > 0);
    *wants = TSKL_WANT_REQUEST_BODY | TSKL_WANT_RESPONSE_BODY;
    return &told;
}

void tskl_exchange_sent(tskl_exchange *exchange, int64_t time_us, tskl_slice part) {
    (void)time_us;
    MUST(exchange->endings == 0);
    tskl_buf_add(&exchange->sent, part);
}

void tskl_exchange_response(tskl_exchange *exchange, int64_t time_us, int status,
                            tskl_slice headers) {
    (void)time_us;
    MUST(exchange->endings == 0 && headers.len <= 256 * 1024);
    exchange->status = status;
    exchange->responses++;
}

void tskl_exchange_received(tskl_exchange *exchange, int64_t time_us, tskl_slice part) {
    (void)time_us;
    MUST(exchange->endings == 0 && exchange->responses > 0);
    tskl_buf_add(&exchange->received, part);
}

void tskl_exchange_end_take(tskl_exchange *exchange, int64_t time_us, tskl_ending how,
                            tskl_slice code, tskl_slice message) {
    (void)time_us;
    (void)message;
    MUST(exchange->endings == 0 && (how == TSKL_FAILED) == (code.len > 0));
    exchange->endings++;
    exchange->ending = how;
}

typedef void feed_fn(tskl_wire *wire, tskl_slice data);

static void feed(tskl_wire *wire, feed_fn *take, tskl_slice data, size_t step) {
    while (data.len > 0) {
        take(wire, tskl_slice_first(data, step));
        data = tskl_slice_from(data, step);
    }
}

static tskl_exchange tell(tskl_slice request, tskl_slice response, size_t step) {
    tskl_wire wire = {0};
    tskl_sent_request sent;
    told = (tskl_exchange){0};
    tskl_buf_init(&told.sent, SIZE_MAX / 2);
    tskl_buf_init(&told.received, SIZE_MAX / 2);
    if (tskl_sent_request_read(TSKL_S("https://localhost:1"), request, &sent)) {
        tskl_wire_begin_sent(&wire, (tskl_observer *)&told, &sent);
        free(sent.url);
        feed(&wire, tskl_wire_sent, request, step);
        feed(&wire, tskl_wire_arrived, response, step);
        tskl_wire_eof(&wire);
        MUST(told.endings == 1 && !wire.exchange);
    }
    tskl_wire_give_up(&wire);
    tskl_wires_give_up();
    return told;
}

static bool are_equal(const tskl_buf *a, const tskl_buf *b) {
    return tskl_slice_equal(tskl_buf_slice(a), tskl_buf_slice(b));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tskl_slice input = tskl_slice_make(data, size);
    size_t step = take_byte(&input), length = take_byte(&input) * 4u;
    tskl_slice request = tskl_slice_first(input, length), response = tskl_slice_from(input, length);
    tskl_exchange whole = tell(request, response, SIZE_MAX),
                  cut = tell(request, response, step + 1);
    MUST(are_equal(&whole.sent, &cut.sent) && are_equal(&whole.received, &cut.received));
    MUST(whole.sent.len <= request.len && whole.received.len <= response.len);
    MUST(whole.status == cut.status && whole.responses == cut.responses);
    MUST(whole.endings == cut.endings && whole.ending == cut.ending);
    tskl_buf_deinit(&whole.sent);
    tskl_buf_deinit(&whole.received);
    tskl_buf_deinit(&cut.sent);
    tskl_buf_deinit(&cut.received);
    return 0;
}
