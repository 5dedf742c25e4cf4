// pretty: a call and what it came to, for a person at a terminal.
//
//   02:15:04  402  184 ms  POST   api.stripe.com/v1/charges
//             stripe: card_error / card_declined (insufficient_funds)
//             Your card has insufficient funds.
//             docs     https://stripe.com/docs/error-codes/card-declined
//             > do not retry: another way to pay is needed
//
// No Pack is known here by name: all of it comes from the fixed names of captures.
// SPDX-License-Identifier: Apache-2.0
#include "base/generation.h"
#include "output/format.h"
#include "output/group.h"
#include "output/reason.h"
#include "output/words.h"
#include <time.h>

enum {
    COLUMNS_DEFAULT = 80,
    COLUMNS_LEAST = 40,
    DURATION_WIDTH = 6,
    METHOD_WIDTH = 6,
    URL_COLUMN = 30, // behind the time, status, duration and method
    URL_LEAST = 34,  // columns that remarks leave to a URL that needs them
    TEXT_MAX = TSKL_REASON_TEXT_MAX,
    WORD_MAX = TSKL_REASON_WORD_MAX,
};

#define GAP "  "

static void add_clock(const tskl_page *page, int64_t wall_us) {
    time_t seconds = (time_t)(wall_us / 1000000);
    struct tm local = {0};
    tskl_generation_hold(); // of the time zone's lock
    localtime_r(&seconds, &local);
    tskl_generation_release();
    tskl_page_style(page, TSKL_PAGE_DIM);
    tskl_buf_printf(page->buf, "%02d:%02d:%02d" GAP, local.tm_hour, local.tm_min, local.tm_sec);
    tskl_page_style(page, NULL);
}

static void add_status(const tskl_page *page, const tskl_exchange *exchange, bool failed) {
    bool aborted = exchange->ending == TSKL_ABORTED;
    tskl_page_style(page, aborted                  ? TSKL_PAGE_NOTE
                          : failed                 ? TSKL_PAGE_BAD
                          : exchange->status < 300 ? TSKL_PAGE_GOOD
                                                   : TSKL_PAGE_OTHER);
    if (exchange->status > 0)
        tskl_buf_printf(page->buf, "%3d", exchange->status);
    else
        tskl_buf_add(page->buf, aborted ? TSKL_S("---") : TSKL_S("ERR"));
    tskl_page_style(page, NULL);
}

static void add_duration(const tskl_page *page, int64_t us) {
    const int64_t minute = 60000000;
    char room[48];
    tskl_buf text = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
    tskl_page_duration(&(tskl_page){.buf = &text}, us > minute ? us - us % minute : us);
    tskl_page_style(page, TSKL_PAGE_DIM);
    tskl_buf_add(page->buf, TSKL_S(GAP));
    for (size_t len = text.len; len < DURATION_WIDTH; len++) tskl_buf_byte(page->buf, ' ');
    tskl_buf_add(page->buf, tskl_buf_slice(&text));
    tskl_buf_add(page->buf, TSKL_S(GAP));
    tskl_page_style(page, NULL);
}

static void add_method(const tskl_page *page, tskl_slice method) {
    size_t start = page->buf->len;
    tskl_page_show(page, NULL, method, 2 * METHOD_WIDTH);
    tskl_page_pad(page, start, METHOD_WIDTH);
    tskl_buf_byte(page->buf, ' ');
}

// The host, and the path without its query; returns the columns that the host takes.
static size_t add_place(const tskl_page *page, const tskl_view *view) {
    bool plain = tskl_slice_equal(view->scheme, TSKL_S("http"));
    tskl_slice path = view->path;
    size_t start = page->buf->len;
    tskl_page_show(page, NULL, view->host, TEXT_MAX);
    if (view->port && view->port != (plain ? 80 : 443))
        tskl_buf_printf(page->buf, ":%u", (unsigned)view->port);
    size_t host_width = tskl_page_width(page, start);
    tskl_page_show(page, NULL, tskl_slice_split(&path, '?'), TEXT_MAX);
    return host_width;
}

// Keeps what was added from `start` on if the line has room for it.
static void settle(const tskl_page *aside, size_t start, size_t room) {
    if (tskl_page_width(aside, 0) > room) tskl_buf_truncate(aside->buf, start);
}

// What stands at the end of the line: which try it is, and what a model took, as far as it fits.
static void add_remarks(const tskl_page *aside, const tskl_record *record, bool failed,
                        size_t room) {
    tskl_group group;
    if (record->attempt > 1)
        tskl_buf_printf(aside->buf, GAP "attempt %u", (unsigned)record->attempt);
    for (size_t at = 0; !failed && tskl_group_next(record->captures, &at, &group);) {
        tskl_slice model = tskl_group_get(&group, "model");
        tskl_slice input = tskl_group_get(&group, "usage.input");
        tskl_slice output = tskl_group_get(&group, "usage.output");
        size_t start = aside->buf->len;
        if (model.len) tskl_buf_add(aside->buf, TSKL_S(GAP));
        tskl_page_show(aside, NULL, model, WORD_MAX);
        settle(aside, start, room);
        if (input.len == 0 || output.len == 0) continue;
        start = aside->buf->len;
        tskl_buf_add(aside->buf, TSKL_S(GAP));
        tskl_page_show(aside, NULL, input, WORD_MAX);
        tskl_buf_add(aside->buf, TSKL_S(" in, "));
        tskl_page_show(aside, NULL, output, WORD_MAX);
        tskl_buf_add(aside->buf, TSKL_S(" out"));
        settle(aside, start, room);
    }
}

static void add_place_and_remarks(const tskl_page *page, const tskl_record *record, bool failed) {
    char room[512];
    tskl_buf remarks = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
    tskl_page aside = {.buf = &remarks};
    size_t start = page->buf->len, columns = page->columns - URL_COLUMN;
    size_t host_width = add_place(page, record->view), width = tskl_page_width(page, start);
    size_t least = width < URL_LEAST ? width : URL_LEAST;
    add_remarks(&aside, record, failed, columns > least ? columns - least : 0);
    size_t taken = tskl_page_width(&aside, 0);
    tskl_page_cut_middle(page, start, columns > taken ? columns - taken : 0, host_width + 1);
    if (record->attempt > 1) tskl_page_style(page, TSKL_PAGE_NOTE);
    tskl_buf_add(page->buf, tskl_buf_slice(&remarks));
    tskl_page_style(page, NULL);
}

static void add_call(const tskl_page *page, const tskl_record *record, bool failed) {
    const tskl_exchange *exchange = record->view->exchange;
    add_clock(page, exchange->start_us);
    add_status(page, exchange, failed);
    add_duration(page, exchange->end_us - exchange->start_us);
    // A success stands back, so that failures are seen.
    if (!failed) tskl_page_style(page, TSKL_PAGE_DIM);
    add_method(page, record->view->method);
    add_place_and_remarks(page, record, failed);
    tskl_buf_byte(page->buf, '\n');
}

// A Pack that failed: worth knowing, but not what the person came for.
static void add_run(const tskl_page *page, const tskl_pack_run *run) {
    const char *words = tskl_words_result(run->result);
    if (!words) return;
    tskl_page_style(page, TSKL_PAGE_DIM);
    tskl_buf_add(page->buf, TSKL_S(TSKL_REASON_INDENT));
    tskl_page_show(page, NULL, run->name, WORD_MAX);
    tskl_buf_printf(page->buf, ": %s%s%s (%s)", run->hook ? run->hook : "", run->hook ? " " : "",
                    words, tskl_result_text(run->result));
    if (run->detail.len) tskl_buf_add(page->buf, TSKL_S(": "));
    tskl_page_show(page, NULL, run->detail, TEXT_MAX);
    tskl_page_style(page, NULL);
    tskl_buf_byte(page->buf, '\n');
}

static void add_notes(const tskl_page *page, const tskl_record *record, bool failed) {
    size_t withheld = record->captures->withheld;
    for (size_t i = 0; i < record->run_count; i++) add_run(page, &record->runs[i]);
    bool shown = record->view->exchange->pack_wants & (TSKL_WANT_RESPONSE_BODY | TSKL_WANT_STREAM);
    if (failed && shown && record->view->response.truncated)
        tskl_page_say(page, TSKL_PAGE_DIM,
                      TSKL_REASON_INDENT "the Packs saw only a part of the answer\n");
    if (withheld == 0) return;
    tskl_page_style(page, TSKL_PAGE_DIM);
    tskl_buf_printf(page->buf, TSKL_REASON_INDENT "%zu capture%s withheld", withheld,
                    withheld > 1 ? "s" : "");
    tskl_page_style(page, NULL);
    tskl_buf_byte(page->buf, '\n');
}

void tskl_format_pretty(tskl_buf *text, const tskl_record *record, const tskl_pretty_style *style) {
    tskl_page page = {
        .buf = text,
        .colour = style->colour,
        .columns = style->columns == 0              ? COLUMNS_DEFAULT
                   : style->columns < COLUMNS_LEAST ? COLUMNS_LEAST
                                                    : style->columns,
    };
    bool failed = tskl_record_failed(record);
    add_call(&page, record, failed);
    if (failed) tskl_reason_add(&page, record);
    add_notes(&page, record, failed);
}
