// SPDX-License-Identifier: Apache-2.0
#include "explain/explanation.h"
#include "base/json_writer.h"
#include "output/group.h"
#include "output/reason.h"
#include "output/words.h"

enum { COLUMNS = 80 };

static void add_note(const tskl_page *page, const char *words) {
    tskl_page_style(page, TSKL_PAGE_DIM);
    tskl_buf_add(page->buf, TSKL_S(TSKL_REASON_INDENT));
    tskl_buf_add(page->buf, tskl_slice_of(words));
    tskl_page_style(page, NULL);
    tskl_buf_byte(page->buf, '\n');
}

static bool is_known(const tskl_explanation *e) {
    return e->service.len > 0 || e->read->view.error_kind.len > 0;
}

// "402 Payment Required, POST https://api.stripe.com/v1/charges". Of an answer that nobody knows
// the reason below begins with what its status says.
static void add_head(const tskl_page *page, const tskl_explanation *e) {
    int status = e->read->exchange.status;
    const char *words = is_known(e) ? tskl_words_status(status) : NULL;
    tskl_page_style(page, e->failed ? TSKL_PAGE_BAD : TSKL_PAGE_GOOD);
    if (status)
        tskl_buf_printf(page->buf, "%d%s%s", status, words ? " " : "", words ? words : "");
    else
        tskl_buf_add(page->buf, TSKL_S("no response"));
    tskl_page_style(page, NULL);
    if (e->guessed)
        tskl_buf_printf(page->buf, ", by its marks from " TSKL_FMT, TSKL_ARG(e->service));
    if (e->url.len) {
        tskl_buf_printf(page->buf, ", " TSKL_FMT " ", TSKL_ARG(e->read->view.method));
        tskl_page_show(page, NULL, e->url, TSKL_REASON_TEXT_MAX);
    }
    tskl_buf_byte(page->buf, '\n');
}

static void add_unexplained(const tskl_page *page, const tskl_explanation *e) {
    add_note(page, "no Pack here knows this answer");
    if (e->could_be.len == 0 || e->url.len) return;
    tskl_page_style(page, TSKL_PAGE_DIM);
    tskl_buf_printf(page->buf,
                    TSKL_REASON_INDENT "if it is from one of them, say so with --service: " TSKL_FMT
                                       "\n",
                    TSKL_ARG(e->could_be));
    tskl_page_style(page, NULL);
}

void tskl_explanation_add_text(tskl_buf *text, const tskl_explanation *e, bool colour) {
    tskl_page page = {.buf = text, .colour = colour, .columns = COLUMNS};
    add_head(&page, e);
    if (!e->failed) {
        add_note(&page, "this call did not fail");
        return;
    }
    tskl_reason_add(&page, &e->read->record);
    if (!is_known(e)) add_unexplained(&page, e);
}

/** Members of the JSON form that are captures of the Pack that explains. */
static const struct {
    const char *member, *capture;
} captures[] = {
    {"class", "class"},           {"type", "error.type"},   {"code", "error.code"},
    {"message", "error.message"}, {"param", "error.param"}, {"advice", "retry.advice"},
    {"docs", "error.doc_url"},    {"log", "error.log_url"}, {"request_id", "request_id"},
};

static void add_member(tskl_buf *json, const char *name, tskl_slice text) {
    if (text.len == 0) return;
    tskl_json_add_key(json, tskl_slice_of(name));
    tskl_json_add_string(json, text);
}

static void add_flag(tskl_buf *json, const char *name, bool value) {
    tskl_json_add_key(json, tskl_slice_of(name));
    tskl_buf_add(json, value ? TSKL_S("true") : TSKL_S("false"));
}

static void add_group(tskl_buf *json, const tskl_group *group) {
    for (size_t i = 0; i < TSKL_COUNT(captures); i++)
        add_member(json, captures[i].member, tskl_group_get(group, captures[i].capture));
    add_member(json, "now",
               tskl_slice_of(tskl_words_advice(tskl_group_get(group, "retry.advice"),
                                               tskl_group_get(group, "class"))));
}

void tskl_explanation_add_json(tskl_buf *text, const tskl_explanation *e) {
    tskl_group group;
    tskl_buf_byte(text, '{');
    add_flag(text, "failed", e->failed);
    add_flag(text, "explained", e->service.len > 0);
    add_member(text, "service", e->service);
    if (e->service.len) add_flag(text, "guessed", e->guessed);
    for (size_t at = 0; tskl_group_next(&e->read->captures, &at, &group);)
        if (tskl_slice_equal(group.items[0].pack, e->service)) add_group(text, &group);
    tskl_json_add_key(text, TSKL_S("record"));
    tskl_buf_add(text, e->line);
    tskl_buf_add(text, TSKL_S("}\n"));
}
