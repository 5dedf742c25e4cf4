// taskless: the older loader's line, for who reads that already.
// SPDX-License-Identifier: Apache-2.0
#include "output/format.h"
#include "output/parts.h"

static void add_dimension(tskl_buf *buf, const tskl_capture *capture) {
    tskl_json_add_comma(buf);
    tskl_buf_add(buf, TSKL_S("{\"name\":"));
    tskl_add_capture_name(buf, capture);
    tskl_buf_add(buf, TSKL_S(",\"value\":"));
    tskl_json_add_string(buf, capture->text);
    tskl_buf_byte(buf, '}');
}

void tskl_format_taskless(tskl_buf *text, const tskl_record *record) {
    static const tskl_slice end = {"]}\n", 3};
    size_t start = text->len;
    tskl_buf_add(text, TSKL_S("{\"requestId\":"));
    tskl_json_add_string(text, tskl_slice_of(record->view->exchange->id.text));
    tskl_buf_add(text, TSKL_S(",\"dimensions\":["));
    for (size_t i = 0; i < record->captures->count; i++) {
        size_t before = text->len;
        add_dimension(text, &record->captures->items[i]);
        if (text->len - start + end.len <= TSKL_RECORD_LINE_MAX) continue;
        tskl_buf_truncate(text, before);
        break;
    }
    tskl_buf_add(text, end);
}
