// SPDX-License-Identifier: Apache-2.0
#include "output/reason.h"
#include "output/group.h"
#include "output/words.h"

enum { LABEL_WIDTH = 9, TEXT_MAX = TSKL_REASON_TEXT_MAX, WORD_MAX = TSKL_REASON_WORD_MAX };

static void begin_line(const tskl_page *page) {
    tskl_buf_add(page->buf, TSKL_S(TSKL_REASON_INDENT));
}

static void end_line(const tskl_page *page) {
    tskl_buf_byte(page->buf, '\n');
}

static void add_label(const tskl_page *page, const char *label) {
    begin_line(page);
    tskl_page_say(page, TSKL_PAGE_DIM, label);
    for (size_t len = strlen(label); len < LABEL_WIDTH; len++) tskl_buf_byte(page->buf, ' ');
}

static void add_message(const tskl_page *page, tskl_slice message) {
    if (message.len == 0) return;
    begin_line(page);
    tskl_page_show(page, NULL, message, TEXT_MAX);
    end_line(page);
}

// What to do now.
static void add_action(const tskl_page *page, const char *words) {
    if (!words) return;
    begin_line(page);
    tskl_page_style(page, TSKL_PAGE_BOLD);
    tskl_buf_add(page->buf, TSKL_S("> "));
    tskl_buf_add(page->buf, tskl_slice_of(words));
    tskl_page_style(page, NULL);
    end_line(page);
}

// The name of what went wrong: "card_error / card_declined", or the best there is. `*message` is
// emptied when it had to serve.
static void add_name(const tskl_page *page, const tskl_group *group, tskl_slice *message) {
    tskl_slice type = tskl_group_get(group, "error.type");
    tskl_slice code = tskl_group_get(group, "error.code");
    tskl_slice name = type.len ? type : code.len ? code : tskl_group_get(group, "class");
    if (name.len == 0) {
        name = message->len ? *message : TSKL_S("failed");
        *message = (tskl_slice){0};
    }
    tskl_page_style(page, TSKL_PAGE_BAD);
    tskl_page_show(page, NULL, name, TEXT_MAX);
    if (code.len && !tskl_slice_equal(name, code)) {
        tskl_buf_add(page->buf, TSKL_S(" / "));
        tskl_page_show(page, NULL, code, TEXT_MAX);
    }
    tskl_page_style(page, NULL);
}

static void add_headline(const tskl_page *page, const tskl_group *group, tskl_slice *message) {
    tskl_slice decline = tskl_group_get(group, "error.decline_code");
    uint64_t count;
    begin_line(page);
    tskl_page_show(page, TSKL_PAGE_OTHER, group->items[0].pack, WORD_MAX);
    tskl_buf_add(page->buf, TSKL_S(": "));
    add_name(page, group, message);
    if (decline.len) {
        tskl_buf_add(page->buf, TSKL_S(" ("));
        tskl_page_show(page, NULL, decline, WORD_MAX);
        tskl_buf_byte(page->buf, ')');
    }
    if (tskl_slice_to_u64(tskl_group_get(group, "error.count"), &count) && count > 1)
        tskl_buf_printf(page->buf, " and %llu more", (unsigned long long)count - 1);
    end_line(page);
}

static void add_fields(const tskl_page *page, const tskl_group *group) {
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
        tskl_slice text = tskl_group_get(group, rows[i].capture);
        if (text.len == 0) continue;
        add_label(page, rows[i].label);
        if (rows[i].is_link)
            tskl_page_link(page, TSKL_PAGE_OTHER, text);
        else
            tskl_page_show(page, NULL, text, TEXT_MAX);
        end_line(page);
    }
}

// "0 of 30000 left (tokens), resets in 6 s", or as much of it as is known.
static void add_rate(const tskl_page *page, const tskl_group *group) {
    tskl_slice left = tskl_group_get(group, "rate.remaining");
    tskl_slice limit = tskl_group_get(group, "rate.limit");
    tskl_slice scope = tskl_group_get(group, "rate.scope");
    int64_t reset_us;
    bool resets = tskl_group_get_ms(group, "rate.reset_ms", &reset_us);
    if (!left.len && !limit.len && !resets) return;
    add_label(page, "rate");
    tskl_page_show(page, NULL, left, WORD_MAX);
    if (limit.len) tskl_page_say(page, NULL, left.len ? " of " : "limit ");
    tskl_page_show(page, NULL, limit, WORD_MAX);
    if (left.len) tskl_buf_add(page->buf, TSKL_S(" left"));
    if (resets) {
        tskl_page_say(page, NULL, left.len || limit.len ? ", resets in " : "resets in ");
        tskl_page_duration(page, reset_us);
    }
    if (scope.len) {
        tskl_buf_add(page->buf, TSKL_S(" ("));
        tskl_page_show(page, NULL, scope, WORD_MAX);
        tskl_buf_byte(page->buf, ')');
    }
    end_line(page);
}

// "retry after 6 s" where waiting helps and it is known how long; else what the words say.
static void add_advice(const tskl_page *page, const tskl_group *group) {
    tskl_slice advice = tskl_group_get(group, "retry.advice");
    bool waiting_helps = advice.len == 0 || tskl_slice_equal(advice, TSKL_S("yes")) ||
                         tskl_slice_equal(advice, TSKL_S("after"));
    int64_t after_us;
    if (!waiting_helps || !tskl_group_get_ms(group, "retry.after_ms", &after_us)) {
        add_action(page, tskl_words_advice(advice, tskl_group_get(group, "class")));
        return;
    }
    char room[64];
    tskl_buf words = {.ptr = room, .room = sizeof room, .cap = sizeof room - 1};
    tskl_buf_add(&words, TSKL_S("retry after "));
    tskl_page_duration(&(tskl_page){.buf = &words}, after_us);
    add_action(page, after_us > 0 ? tskl_buf_cstr(&words) : "retry at once");
}

static void add_packs_reason(const tskl_page *page, const tskl_group *group) {
    tskl_slice message = tskl_group_get(group, "error.message");
    add_headline(page, group, &message);
    add_message(page, message);
    add_fields(page, group);
    add_rate(page, group);
    add_advice(page, group);
}

// "ECONNREFUSED connect: no connection", the client's own words, and what may help.
static void add_network_reason(const tskl_page *page, const tskl_view *view, bool explained) {
    tskl_slice code = view->error_code, kind = view->error_kind;
    const tskl_error_words *words = tskl_words_error(kind);
    begin_line(page);
    tskl_page_show(page, TSKL_PAGE_BAD, code.len ? code : kind, WORD_MAX);
    if (code.len) {
        tskl_buf_byte(page->buf, ' ');
        tskl_page_show(page, NULL, kind, WORD_MAX);
    }
    if (words) tskl_buf_printf(page->buf, ": %s", words->meaning);
    end_line(page);
    if (!tskl_slice_equal(view->error_message, code)) add_message(page, view->error_message);
    if (words && !explained) add_action(page, words->advice);
}

// A failure that no Pack knows: how it ended, what its status says, what the core Pack noted.
static void add_plain_reason(const tskl_page *page, const tskl_record *record) {
    const tskl_exchange *exchange = record->view->exchange;
    bool aborted = exchange->ending == TSKL_ABORTED;
    const char *words = aborted                           ? "given up by the program"
                        : exchange->ending == TSKL_FAILED ? "broken off"
                                                          : tskl_words_status(exchange->status);
    if (words) {
        begin_line(page);
        tskl_page_say(page, aborted ? TSKL_PAGE_NOTE : TSKL_PAGE_BAD, words);
        end_line(page);
    }
    add_message(page, tskl_group_core_error(record->captures));
}

// A Pack that can only repeat what the network said adds nothing to it.
static bool adds_reason(const tskl_group *group, const tskl_view *view) {
    bool repeats = view->error_code.len &&
                   tskl_slice_equal(tskl_group_get(group, "error.code"), view->error_code);
    return tskl_group_explains(group) && !repeats;
}

static bool is_explained(const tskl_record *record) {
    tskl_group group;
    for (size_t at = 0; tskl_group_next(record->captures, &at, &group);)
        if (adds_reason(&group, record->view)) return true;
    return false;
}

void tskl_reason_add(const tskl_page *page, const tskl_record *record) {
    bool explained = is_explained(record);
    tskl_group group;
    if (record->view->error_kind.len)
        add_network_reason(page, record->view, explained);
    else if (!explained || record->view->exchange->ending != TSKL_DONE)
        add_plain_reason(page, record);
    for (size_t at = 0; tskl_group_next(record->captures, &at, &group);)
        if (adds_reason(&group, record->view)) add_packs_reason(page, &group);
}
