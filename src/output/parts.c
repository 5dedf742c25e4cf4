// SPDX-License-Identifier: Apache-2.0
#include "output/parts.h"
#include "base/utf8.h"

#define CUT TSKL_S("\xe2\x80\xa6") // U+2026

tskl_slice tskl_ending_text(tskl_ending ending) {
    switch (ending) {
    case TSKL_DONE: return TSKL_S("done");
    case TSKL_ABORTED: return TSKL_S("aborted");
    case TSKL_FAILED: break;
    }
    return TSKL_S("failed");
}

void tskl_add_ms(tskl_buf *buf, int64_t us) {
    uint64_t value = us > 0 ? (uint64_t)us : 0, rest = value % 1000;
    char digits[] = {'.', (char)('0' + rest / 100), (char)('0' + rest / 10 % 10),
                     (char)('0' + rest % 10)};
    size_t len = rest == 0 ? 0 : rest % 100 == 0 ? 2 : rest % 10 == 0 ? 3 : 4;
    tskl_buf_u64(buf, value / 1000);
    tskl_buf_add(buf, (tskl_slice){digits, len});
}

void tskl_add_bounded(tskl_buf *buf, tskl_slice text, size_t max) {
    const size_t quotes = 2;
    size_t start = buf->len, len;
    tskl_slice part = tskl_slice_first(text, max);
    tskl_json_add_string(buf, part);
    // An escape is up to six times as long as what it stands for: found out by trying.
    while ((len = buf->len - start) > quotes && len - quotes > max) {
        tskl_buf_truncate(buf, start);
        part = tskl_utf8_whole(tskl_slice_first(part, part.len * max / len));
        tskl_json_add_string(buf, part);
    }
    if (part.len == text.len || buf->failed) return;
    part = tskl_utf8_whole(tskl_slice_first(part, part.len > CUT.len ? part.len - CUT.len : 0));
    tskl_buf_truncate(buf, start);
    tskl_json_add_string(buf, part);
    tskl_buf_truncate(buf, buf->len - 1);
    tskl_buf_add(buf, CUT);
    tskl_buf_byte(buf, '"');
}

void tskl_add_capture_name(tskl_buf *buf, const tskl_capture *capture) {
    tskl_json_add_string(buf, capture->pack);
    size_t joint = buf->len - 1;
    tskl_json_add_string(buf, capture->name);
    if (buf->failed) return;
    // `"stripe""error.code"`: the inner two quotes become one slash.
    buf->ptr[joint] = '/';
    memmove(buf->ptr + joint + 1, buf->ptr + joint + 2, buf->len - joint - 2);
    tskl_buf_truncate(buf, buf->len - 1);
}

void tskl_add_string_member(tskl_buf *buf, tskl_slice name, tskl_slice text, size_t max) {
    if (text.len == 0) return;
    tskl_json_add_key(buf, name);
    tskl_add_bounded(buf, text, max);
}

void tskl_add_u64_member(tskl_buf *buf, tskl_slice name, uint64_t value) {
    tskl_json_add_key(buf, name);
    tskl_buf_u64(buf, value);
}

void tskl_add_ms_member(tskl_buf *buf, tskl_slice name, int64_t us) {
    tskl_json_add_key(buf, name);
    tskl_add_ms(buf, us);
}

void tskl_add_truncated_member(tskl_buf *buf, const tskl_view *view, unsigned wants) {
    bool request = view->request.truncated && wants & TSKL_WANT_REQUEST_BODY;
    bool response =
        view->response.truncated && wants & (TSKL_WANT_RESPONSE_BODY | TSKL_WANT_STREAM);
    if (!request && !response) return;
    tskl_json_add_key(buf, TSKL_S("truncated"));
    tskl_buf_add(buf, request && response ? TSKL_S("[\"request\",\"response\"]")
                      : request           ? TSKL_S("[\"request\"]")
                                          : TSKL_S("[\"response\"]"));
}
