// pretty: a call and what it came to, for a person at a terminal.
//
//   02:15:04  402   184 ms  POST    api.stripe.com/v1/charges
//             stripe: card_error / card_declined (insufficient_funds)
//             Your card has insufficient funds.
//             docs     https://stripe.com/docs/error-codes/card-declined
//             > do not retry: another way to pay is needed
//
// No Pack is known here by name: all of it comes from the fixed names of captures.
// SPDX-License-Identifier: Apache-2.0
#include "base/number.h"
#include "output/format.h"
#include "output/page.h"
#include "output/words.h"
#include <time.h>

enum {
    COLUMNS_DEFAULT = 80,
    COLUMNS_LEAST = 40,
    STATUS_WIDTH = 3,
    DURATION_WIDTH = 8,
    METHOD_WIDTH = 6,
    LABEL_WIDTH = 9,
    URL_LEAST = 16,
    MESSAGE_MAX = 600, // bytes shown of a text from outside
    WORD_MAX = 80,
};

#define GAP "  "
#define INDENT "          "

// The captures of one Pack.
typedef struct group {
    const tskl_capture *items;
    size_t count;
} group;

static bool next_group(const tskl_captures *captures, size_t *at, group *out) {
    size_t start = *at;
    if (start == captures->count) return false;
    tskl_slice pack = captures->items[start].pack;
    while (*at < captures->count && tskl_slice_equal(captures->items[*at].pack, pack)) (*at)++;
    *out = (group){captures->items + start, *at - start};
    return true;
}

static tskl_slice get(const group *g, const char *name) {
    for (size_t i = 0; i < g->count; i++)
        if (tskl_slice_equal(g->items[i].name, tskl_slice_of(name))) return g->items[i].text;
    return (tskl_slice){0};
}

static bool get_ms(const group *g, const char *name, int64_t *us) {
    const double longest_ms = 1e12;
    double ms;
    *us = 0;
    if (!tskl_number_parse(get(g, name), &ms) || ms < 0 || ms > longest_ms) return false;
    *us = (int64_t)(ms * 1000);
    return true;
}

static bool is_core(const group *g) {
    return tskl_slice_equal(g->items[0].pack, TSKL_S("core"));
}

static bool says_failed(const group *g) {
    return !is_core(g) && tskl_slice_equal(get(g, "ok"), TSKL_S("false"));
}

static bool explains(const group *g) {
    return !is_core(g) && (says_failed(g) || get(g, "error.type").len || get(g, "error.code").len ||
                           get(g, "error.message").len || get(g, "class").len);
}

// A success by its status may be a failure by its words: Slack's 200 {"ok":false}.
static bool has_failed(const tskl_record *record) {
    const tskl_exchange *exchange = record->view->exchange;
    group g;
    if (exchange->ending != TSKL_DONE || exchange->status == 0 || exchange->status >= 400)
        return true;
    for (size_t at = 0; next_group(record->captures, &at, &g);)
        if (says_failed(&g)) return true;
    return false;
}

// The line of the call.

static void add_clock(const tskl_page *page, int64_t wall_us) {
    time_t seconds = (time_t)(wall_us / 1000000);
    struct tm local = {0};
    localtime_r(&seconds, &local);
    tskl_page_style(page, TSKL_PAGE_DIM);
    tskl_buf_printf(page->buf, "%02d:%02d:%02d" GAP, local.tm_hour, local.tm_min, local.tm_sec);
    tskl_page_style(page, NULL);
}

static const char *status_style(const tskl_record *record, bool failed) {
    if (failed && record->view->exchange->ending == TSKL_ABORTED) return TSKL_PAGE_NOTE;
    if (failed) return TSKL_PAGE_BAD;
    return record->view->exchange->status < 300 ? TSKL_PAGE_GOOD : TSKL_PAGE_OTHER;
}

static void add_status(const tskl_page *page, const tskl_record *record, bool failed) {
    int status = record->view->exchange->status;
    tskl_page_style(page, status_style(record, failed));
    if (status > 0)
        tskl_buf_printf(page->buf, "%*d", STATUS_WIDTH, status);
    else
        tskl_buf_add(page->buf, record->view->exchange->ending == TSKL_ABORTED ? TSKL_S("---")
                                                                               : TSKL_S("ERR"));
    tskl_page_style(page, NULL);
}

static void add_duration(const tskl_page *page, const tskl_exchange *exchange) {
    char room[48];
    tskl_buf text = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
    tskl_page alone = {.buf = &text};
    tskl_page_duration(&alone, exchange->end_us - exchange->start_us);
    tskl_page_style(page, TSKL_PAGE_DIM);
    for (size_t len = text.len; len < DURATION_WIDTH; len++) tskl_buf_byte(page->buf, ' ');
    tskl_buf_add(page->buf, tskl_buf_slice(&text));
    tskl_buf_add(page->buf, TSKL_S(GAP));
    tskl_page_style(page, NULL);
}

// The host, and the path without its query; returns the columns that the host takes.
static size_t add_place(const tskl_page *page, const tskl_view *view) {
    bool usual = view->port == 0 || view->port == (view->scheme.len == 4 ? 80 : 443);
    tskl_slice rest = view->path;
    size_t start = page->buf->len;
    tskl_page_show(page, NULL, view->host, MESSAGE_MAX);
    if (!usual) tskl_buf_printf(page->buf, ":%u", (unsigned)view->port);
    size_t host_width = tskl_page_width(page, start);
    tskl_page_show(page, NULL, tskl_slice_split(&rest, '?'), MESSAGE_MAX);
    return host_width;
}

// What stands at the end of the line: which try it is, and what a model took.
static void add_remarks(const tskl_page *page, const tskl_record *record) {
    group g;
    if (record->attempt > 1) {
        tskl_buf_printf(page->buf, GAP "attempt %u after ", (unsigned)record->attempt);
        tskl_page_duration(page, record->wait_ms * 1000);
    }
    for (size_t at = 0; next_group(record->captures, &at, &g);) {
        static const char *const rows[][2] = {
            {"model", ""}, {"usage.input", " in"}, {"usage.output", " out"}, {"finish", ""}};
        if (is_core(&g)) continue;
        for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
            tskl_slice text = get(&g, rows[i][0]);
            if (text.len == 0) continue;
            tskl_buf_add(page->buf, TSKL_S(GAP));
            tskl_page_show(page, NULL, text, WORD_MAX);
            tskl_buf_add(page->buf, tskl_slice_of(rows[i][1]));
        }
    }
}

static void add_call(const tskl_page *page, const tskl_record *record, bool failed) {
    enum { BEFORE = 10 + STATUS_WIDTH + DURATION_WIDTH + 2 + METHOD_WIDTH + 2 };
    char room[512];
    tskl_buf remarks = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
    tskl_page aside = {.buf = &remarks};
    add_remarks(&aside, record);
    size_t taken = BEFORE + tskl_page_width(&aside, 0);

    add_clock(page, record->view->exchange->start_us);
    add_status(page, record, failed);
    add_duration(page, record->view->exchange);
    size_t start = page->buf->len;
    tskl_page_show(page, NULL, record->view->method, 2 * METHOD_WIDTH);
    tskl_page_pad(page, start, METHOD_WIDTH);
    tskl_buf_add(page->buf, TSKL_S(GAP));

    start = page->buf->len;
    size_t host_width = add_place(page, record->view);
    size_t width = page->columns > taken + URL_LEAST ? page->columns - taken : URL_LEAST;
    tskl_page_cut_middle(page, start, width, host_width + 1);
    tskl_page_style(page, record->attempt > 1 ? TSKL_PAGE_NOTE : TSKL_PAGE_DIM);
    tskl_buf_add(page->buf, tskl_buf_slice(&remarks));
    tskl_page_style(page, NULL);
    tskl_buf_byte(page->buf, '\n');
}

// The reason, a line each, below the call.

static void add_message(const tskl_page *page, tskl_slice message) {
    if (message.len == 0) return;
    tskl_page_say(page, NULL, INDENT);
    tskl_page_show(page, NULL, message, MESSAGE_MAX);
    tskl_buf_byte(page->buf, '\n');
}

static void add_label(const tskl_page *page, const char *label) {
    size_t len = strlen(label);
    tskl_page_say(page, NULL, INDENT);
    tskl_page_say(page, TSKL_PAGE_DIM, label);
    for (; len < LABEL_WIDTH; len++) tskl_buf_byte(page->buf, ' ');
}

static void add_action(const tskl_page *page, const char *words) {
    if (!words) return;
    tskl_page_say(page, NULL, INDENT);
    tskl_page_say(page, TSKL_PAGE_BOLD, "> ");
    tskl_page_say(page, TSKL_PAGE_BOLD, words);
    tskl_buf_byte(page->buf, '\n');
}

// "card_error / card_declined (insufficient_funds)", or the best there is; returns what is left
// to be said as the message.
static tskl_slice add_headline(const tskl_page *page, const group *g) {
    tskl_slice type = get(g, "error.type"), code = get(g, "error.code");
    tskl_slice decline = get(g, "error.decline_code"), message = get(g, "error.message");
    tskl_slice first = type.len ? type : code.len ? code : get(g, "class");
    if (first.len == 0) {
        first = message.len ? message : TSKL_S("failed");
        message = (tskl_slice){0};
    }
    tskl_page_style(page, TSKL_PAGE_BAD);
    tskl_page_show(page, NULL, first, MESSAGE_MAX);
    if (type.len && code.len && !tskl_slice_equal(type, code)) {
        tskl_buf_add(page->buf, TSKL_S(" / "));
        tskl_page_show(page, NULL, code, MESSAGE_MAX);
    }
    tskl_page_style(page, NULL);
    if (decline.len) {
        tskl_buf_add(page->buf, TSKL_S(" ("));
        tskl_page_show(page, NULL, decline, MESSAGE_MAX);
        tskl_buf_byte(page->buf, ')');
    }
    return message;
}

static void add_count(const tskl_page *page, const group *g) {
    uint64_t count;
    if (!tskl_slice_to_u64(get(g, "error.count"), &count) || count < 2) return;
    tskl_page_style(page, TSKL_PAGE_DIM);
    tskl_buf_printf(page->buf, " and %llu more", (unsigned long long)count - 1);
    tskl_page_style(page, NULL);
}

static void add_rate(const tskl_page *page, const group *g) {
    tskl_slice left = get(g, "rate.remaining"), limit = get(g, "rate.limit");
    tskl_slice scope = get(g, "rate.scope");
    int64_t reset_us;
    bool resets = get_ms(g, "rate.reset_ms", &reset_us);
    if (!left.len && !limit.len && !scope.len && !resets) return;
    add_label(page, "rate");
    if (left.len) tskl_page_show(page, NULL, left, WORD_MAX);
    if (left.len && limit.len) tskl_buf_add(page->buf, TSKL_S(" of "));
    if (limit.len) tskl_page_show(page, NULL, limit, WORD_MAX);
    if (limit.len || left.len) tskl_buf_add(page->buf, TSKL_S(" left "));
    if (resets) {
        tskl_buf_add(page->buf, TSKL_S("resets in "));
        tskl_page_duration(page, reset_us);
        tskl_buf_byte(page->buf, ' ');
    }
    tskl_page_show(page, TSKL_PAGE_DIM, scope, WORD_MAX);
    tskl_buf_byte(page->buf, '\n');
}

static void add_fields(const tskl_page *page, const group *g) {
    static const struct {
        const char *capture, *label;
        bool is_link;
    } rows[] = {
        {"error.param", "param", false},
        {"request_id", "request", false},
        {"error.doc_url", "docs", true},
        {"error.log_url", "log", true},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_slice text = get(g, rows[i].capture);
        if (text.len == 0) continue;
        add_label(page, rows[i].label);
        if (rows[i].is_link)
            tskl_page_link(page, TSKL_PAGE_OTHER, text);
        else
            tskl_page_show(page, NULL, text, MESSAGE_MAX);
        tskl_buf_byte(page->buf, '\n');
    }
}

// "> retry after 6 s" where waiting helps, else what the words say.
static void add_advice(const tskl_page *page, const group *g) {
    tskl_slice advice = get(g, "retry.advice");
    bool waiting_helps = advice.len == 0 || tskl_slice_equal(advice, TSKL_S("yes")) ||
                         tskl_slice_equal(advice, TSKL_S("after"));
    int64_t after_us;
    if (!waiting_helps || !get_ms(g, "retry.after_ms", &after_us)) {
        add_action(page, tskl_words_advice(advice, get(g, "class")));
        return;
    }
    char room[64];
    tskl_buf words = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
    tskl_buf_add(&words, TSKL_S("retry after "));
    tskl_page_duration(&(tskl_page){.buf = &words}, after_us);
    add_action(page, after_us > 0 ? tskl_buf_cstr(&words) : "retry at once");
}

static void add_reason(const tskl_page *page, const group *g) {
    tskl_page_say(page, NULL, INDENT);
    tskl_page_show(page, TSKL_PAGE_OTHER, g->items[0].pack, WORD_MAX);
    tskl_buf_add(page->buf, TSKL_S(": "));
    tskl_slice message = add_headline(page, g);
    add_count(page, g);
    tskl_buf_byte(page->buf, '\n');
    add_message(page, message);
    add_fields(page, g);
    add_rate(page, g);
    add_advice(page, g);
}

// "ECONNREFUSED connect", the client's own words, and what they mean.
static void add_network(const tskl_page *page, const tskl_view *view) {
    tskl_slice code = view->error_code, kind = view->error_kind;
    if (code.len == 0 && kind.len == 0) return;
    tskl_page_say(page, NULL, INDENT);
    tskl_page_show(page, TSKL_PAGE_BAD, code.len ? code : kind, MESSAGE_MAX);
    if (code.len && kind.len) {
        tskl_buf_byte(page->buf, ' ');
        tskl_page_show(page, TSKL_PAGE_DIM, kind, WORD_MAX);
    }
    tskl_buf_byte(page->buf, '\n');
    if (!tskl_slice_equal(view->error_message, code)) add_message(page, view->error_message);
    add_action(page, tskl_words_error(kind));
}

// A failure that no Pack knows: what the status says, and what the core Pack noted.
static void add_plain_reason(const tskl_page *page, const tskl_record *record) {
    const char *status = tskl_words_status(record->view->exchange->status);
    group g;
    if (status) {
        tskl_page_say(page, NULL, INDENT);
        tskl_page_say(page, TSKL_PAGE_BAD, status);
        tskl_buf_byte(page->buf, '\n');
    }
    for (size_t at = 0; next_group(record->captures, &at, &g);)
        if (is_core(&g)) add_message(page, get(&g, "error"));
}

static void add_reasons(const tskl_page *page, const tskl_record *record) {
    bool network = record->view->error_kind.len > 0, explained = false;
    group g;
    if (network) add_network(page, record->view);
    for (size_t at = 0; next_group(record->captures, &at, &g);) {
        if (!explains(&g)) continue;
        add_reason(page, &g);
        explained = true;
    }
    if (!explained && !network) add_plain_reason(page, record);
}

// What taskless has to say of itself, quietly.

static void add_run(const tskl_page *page, const tskl_pack_run *run) {
    const char *words = tskl_words_result(run->result);
    if (!words) return;
    tskl_page_style(page, TSKL_PAGE_DIM);
    tskl_buf_add(page->buf, TSKL_S(INDENT));
    tskl_page_show(page, NULL, run->name, WORD_MAX);
    tskl_buf_printf(page->buf, ": %s%s%s (%s)", run->hook ? run->hook : "", run->hook ? " " : "",
                    words, tskl_result_text(run->result));
    if (run->detail.len) tskl_buf_add(page->buf, TSKL_S(": "));
    tskl_page_show(page, NULL, run->detail, MESSAGE_MAX);
    tskl_page_style(page, NULL);
    tskl_buf_byte(page->buf, '\n');
}

static void add_notes(const tskl_page *page, const tskl_record *record, bool failed) {
    unsigned long long withheld = record->captures->withheld;
    for (size_t i = 0; i < record->run_count; i++) add_run(page, &record->runs[i]);
    if (failed && record->view->response.truncated)
        tskl_page_say(page, TSKL_PAGE_DIM, INDENT "the Packs saw only a part of the answer\n");
    if (withheld == 0) return;
    tskl_page_style(page, TSKL_PAGE_DIM);
    tskl_buf_printf(page->buf, INDENT "%llu capture%s withheld", withheld, withheld > 1 ? "s" : "");
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
    bool failed = has_failed(record);
    add_call(&page, record, failed);
    if (failed) add_reasons(&page, record);
    add_notes(&page, record, failed);
}
