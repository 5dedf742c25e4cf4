// har_entry: one exchange as an entry of HAR 1.2, with what HAR lacks under "_taskless".
// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "output/har.h"
#include "output/parts.h"

// Where an entry goes, and the secrets that must not go with it.
typedef struct writer {
    tskl_buf *buf;
    const tskl_view *view;
    tskl_slice response_text; // the response's body as it is written
    bool request_withheld, response_withheld;
} writer;

static void add_text_member(writer *w, tskl_slice name, tskl_slice text) {
    tskl_json_add_key(w->buf, name);
    tskl_json_add_string(w->buf, text);
}

static void add_i64_member(writer *w, tskl_slice name, int64_t value) {
    tskl_json_add_key(w->buf, name);
    if (value < 0) tskl_buf_byte(w->buf, '-');
    tskl_buf_u64(w->buf, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

// Masking knows the places where secrets stand; an answer may repeat one anywhere ("Invalid API key
// sk_test_..."), in any form. False: no memory, and `*out` is empty.
static bool clean(const writer *w, tskl_slice text, tskl_slice *out) {
    return tskl_secrets_hide(&w->view->secrets, text, out);
}

static tskl_slice clean_value(const writer *w, tskl_slice value) {
    return clean(w, value, &value) ? value : TSKL_S("***");
}

// A header once more, where HAR has a member for it.
static void add_header_member(writer *w, tskl_slice member, const tskl_headers *headers,
                              tskl_slice name) {
    add_text_member(w, member, clean_value(w, tskl_headers_get(headers, name)));
}

static void add_pair(writer *w, tskl_slice name, tskl_slice value) {
    tskl_json_add_comma(w->buf);
    tskl_buf_byte(w->buf, '{');
    add_text_member(w, TSKL_S("name"), name);
    add_text_member(w, TSKL_S("value"), value);
    tskl_buf_byte(w->buf, '}');
}

static void add_headers(writer *w, const tskl_headers *headers) {
    tskl_json_add_key(w->buf, TSKL_S("headers"));
    tskl_buf_byte(w->buf, '[');
    for (size_t i = 0; i < headers->count; i++)
        add_pair(w, headers->items[i].name, clean_value(w, headers->items[i].value));
    tskl_buf_add(w->buf, TSKL_S("],\"cookies\":[]"));
}

// As it stands in the URL, percent-encoding and all.
static void add_query(writer *w) {
    tskl_slice rest = w->view->url;
    tskl_slice_split(&rest, '?');
    tskl_json_add_key(w->buf, TSKL_S("queryString"));
    tskl_buf_byte(w->buf, '[');
    while (rest.len) {
        tskl_slice value = tskl_slice_split(&rest, '&');
        tskl_slice name = tskl_slice_split(&value, '=');
        if (name.len) add_pair(w, name, value);
    }
    tskl_buf_byte(w->buf, ']');
}

// A body as the member `text` and, where it is no text, `encoding`. Nothing where it was not kept,
// or could not be searched for secrets, which `*withheld` says. Returns what it wrote.
static tskl_slice add_body(writer *w, const tskl_view_message *message, tskl_slice encoding,
                           bool *withheld) {
    tskl_slice body = {0};
    if (!message->body_kept) return body;
    *withheld = !clean(w, message->body, &body);
    if (*withheld) return body;
    tskl_json_add_key(w->buf, TSKL_S("text"));
    if (tskl_utf8_valid(body)) {
        tskl_json_add_string(w->buf, body);
        return body;
    }
    tskl_buf_byte(w->buf, '"');
    tskl_base64_add(w->buf, body);
    tskl_buf_byte(w->buf, '"');
    add_text_member(w, encoding, TSKL_S("base64"));
    return body;
}

static void add_request(writer *w) {
    const tskl_view_message *request = &w->view->request;
    tskl_buf_add(w->buf, TSKL_S(",\"request\":{"));
    add_text_member(w, TSKL_S("method"), w->view->method);
    add_text_member(w, TSKL_S("url"), w->view->url);
    add_text_member(w, TSKL_S("httpVersion"), TSKL_S("unknown"));
    add_headers(w, &request->headers);
    add_query(w);
    size_t before = w->buf->len;
    tskl_buf_add(w->buf, TSKL_S(",\"postData\":{"));
    add_header_member(w, TSKL_S("mimeType"), &request->headers, TSKL_S("content-type"));
    add_body(w, request, TSKL_S("_encoding"), &w->request_withheld);
    tskl_buf_byte(w->buf, '}');
    bool nothing_sent = request->passed == 0 && request->body.len == 0;
    if (!request->body_kept || nothing_sent || w->request_withheld)
        tskl_buf_truncate(w->buf, before);
    add_i64_member(w, TSKL_S("headersSize"), -1);
    tskl_add_u64_member(w->buf, TSKL_S("bodySize"), request->passed);
    tskl_buf_byte(w->buf, '}');
}

static void add_content(writer *w) {
    const tskl_view_message *response = &w->view->response;
    tskl_buf_add(w->buf, TSKL_S(",\"content\":{"));
    tskl_add_u64_member(w->buf, TSKL_S("size"), response->body.len);
    add_header_member(w, TSKL_S("mimeType"), &response->headers, TSKL_S("content-type"));
    tskl_slice text = add_body(w, response, TSKL_S("encoding"), &w->response_withheld);
    // A repeated secret was masked: the times of a stream are told by what stands in the recording.
    w->response_text = response->body_kept && !w->response_withheld ? text : response->body;
    tskl_buf_byte(w->buf, '}');
}

static void add_response(writer *w) {
    const tskl_view_message *response = &w->view->response;
    int status = w->view->exchange->status;
    tskl_buf_add(w->buf, TSKL_S(",\"response\":{"));
    add_i64_member(w, TSKL_S("status"), status);
    add_text_member(w, TSKL_S("statusText"), TSKL_S(""));
    add_text_member(w, TSKL_S("httpVersion"), TSKL_S("unknown"));
    add_headers(w, &response->headers);
    add_content(w);
    add_header_member(w, TSKL_S("redirectURL"), &response->headers, TSKL_S("location"));
    add_i64_member(w, TSKL_S("headersSize"), -1);
    tskl_add_u64_member(w->buf, TSKL_S("bodySize"), response->passed);
    tskl_buf_byte(w->buf, '}');
}

static void add_times(writer *w) {
    const tskl_exchange *exchange = w->view->exchange;
    int64_t time = exchange->end_us - exchange->start_us;
    int64_t wait = exchange->first_byte_us - exchange->start_us;
    char iso[25];
    if (time < 0) time = 0;
    if (exchange->status == 0 || wait > time) wait = time;
    if (wait < 0) wait = 0;
    tskl_clock_iso(exchange->start_us, iso);
    tskl_buf_printf(w->buf, "\"startedDateTime\":\"%.23s%03uZ\"", iso,
                    (unsigned)((uint64_t)exchange->start_us % 1000));
    tskl_add_ms_member(w->buf, TSKL_S("time"), time);
    tskl_buf_add(w->buf, TSKL_S(",\"cache\":{},\"timings\":{\"send\":0"));
    tskl_add_ms_member(w->buf, TSKL_S("wait"), wait);
    tskl_add_ms_member(w->buf, TSKL_S("receive"), time - wait);
    tskl_buf_byte(w->buf, '}');
}

static void add_error(writer *w) {
    const tskl_view *view = w->view;
    if (view->error_code.len == 0 && view->error_message.len == 0) return;
    tskl_buf_add(w->buf, TSKL_S(",\"error\":{"));
    tskl_add_string_member(w->buf, TSKL_S("code"), view->error_code, SIZE_MAX);
    tskl_add_string_member(w->buf, TSKL_S("message"), view->error_message, SIZE_MAX);
    tskl_buf_byte(w->buf, '}');
}

// Bytes that came later than others, and none that came again.
static void add_arrival(writer *w, size_t *last, size_t upto, int64_t time_us) {
    int64_t us = time_us - w->view->exchange->start_us;
    if (upto <= *last) return;
    tskl_json_add_comma(w->buf);
    tskl_buf_printf(w->buf, "[%zu,%lld]", upto, (long long)(us > 0 ? us : 0));
    *last = upto;
}

// Masking may have moved the bytes of a stream, but not the ends of its events: then each event
// is written with the time of the bytes that completed it, which is all that a Pack sees of them.
static void add_masked_arrivals(writer *w) {
    const tskl_view *view = w->view;
    tskl_decoded masked = {.bytes = w->response_text};
    tskl_slice type = view->response.content_type;
    tskl_chunks before, after;
    int64_t end_us = view->exchange->end_us;
    if (tskl_chunks_cut(&view->response_decoded, type, end_us, view->arena, &before, NULL) !=
            TSKL_OK ||
        tskl_chunks_cut(&masked, type, end_us, view->arena, &after, NULL) != TSKL_OK ||
        before.count != after.count)
        return;
    for (size_t i = 0, last = 0; i < after.count; i++)
        add_arrival(w, &last, last + after.items[i].bytes.len, before.items[i].time_us);
}

static void add_arrivals(writer *w) {
    const tskl_decoded *decoded = &w->view->response_decoded;
    size_t last = 0;
    if (decoded->arrival_count == 0 || !w->view->response.body_kept || w->response_withheld) return;
    tskl_json_add_key(w->buf, TSKL_S("arrivals"));
    tskl_buf_byte(w->buf, '[');
    if (decoded->bytes.len != w->response_text.len)
        add_masked_arrivals(w);
    else
        for (size_t i = 0; i < decoded->arrival_count; i++)
            add_arrival(w, &last, decoded->arrivals[i].upto, decoded->arrivals[i].time_us);
    tskl_buf_byte(w->buf, ']');
}

static void add_withheld(writer *w) {
    if (!w->request_withheld && !w->response_withheld) return;
    tskl_json_add_key(w->buf, TSKL_S("withheld"));
    tskl_buf_byte(w->buf, '[');
    if (w->request_withheld) tskl_json_add_string(w->buf, TSKL_S("request"));
    if (w->response_withheld) {
        tskl_json_add_comma(w->buf);
        tskl_json_add_string(w->buf, TSKL_S("response"));
    }
    tskl_buf_byte(w->buf, ']');
}

// Also where it is no further try: a replay then need not find out, which it could not when calls
// stand in another order or are left out.
static void add_attempt(writer *w, const tskl_record *record) {
    tskl_add_u64_member(w->buf, TSKL_S("attempt"), record->attempt ? record->attempt : 1);
    if (record->first.len == 0) return;
    add_text_member(w, TSKL_S("first"), record->first);
    add_i64_member(w, TSKL_S("wait_ms"), record->wait_ms);
}

static void add_ours(writer *w, const tskl_record *record) {
    const tskl_exchange *exchange = w->view->exchange;
    tskl_buf_add(w->buf, TSKL_S(",\"_taskless\":{"));
    add_text_member(w, TSKL_S("id"), tskl_slice_of(exchange->id.text));
    add_text_member(w, TSKL_S("ending"), tskl_ending_text(exchange->ending));
    add_error(w);
    add_i64_member(w, TSKL_S("start_us"), exchange->start_us);
    if (exchange->status > 0) add_i64_member(w, TSKL_S("first_byte_us"), exchange->first_byte_us);
    add_i64_member(w, TSKL_S("end_us"), exchange->end_us);
    tskl_add_u64_member(w->buf, TSKL_S("sent"), w->view->request.passed);
    tskl_add_u64_member(w->buf, TSKL_S("received"), w->view->response.passed);
    tskl_add_truncated_member(w->buf, w->view, exchange->wants);
    tskl_buf_add(w->buf, TSKL_S(",\"decoded\":true"));
    add_arrivals(w);
    add_withheld(w);
    add_attempt(w, record);
    tskl_add_string_member(w->buf, TSKL_S("client"), record->client, SIZE_MAX);
    tskl_buf_byte(w->buf, '}');
}

void tskl_har_add_entry(tskl_buf *entry, const tskl_record *record) {
    writer w = {.buf = entry, .view = record->view};
    tskl_buf_byte(entry, '{');
    add_times(&w);
    add_request(&w);
    add_response(&w);
    add_ours(&w, record);
    tskl_buf_byte(entry, '}');
}
