// SPDX-License-Identifier: Apache-2.0
#include "explain/explanation.h"
#include "base/clock.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "output/group.h"
#include "output/reason.h"
#include "output/words.h"

enum { COLUMNS = 80, METHOD_MAX = 32 };

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

// "402 Payment Required". Of an answer that nobody knows the reason below begins with what its
// status says.
static void add_status(const tskl_page *page, const tskl_explanation *e) {
    int status = e->read->exchange.status;
    const char *words = is_known(e) ? tskl_words_status(status) : NULL;
    tskl_page_style(page, e->failed ? TSKL_PAGE_BAD : TSKL_PAGE_GOOD);
    if (status)
        tskl_buf_printf(page->buf, "%d%s%s", status, words ? " " : "", words ? words : "");
    else
        tskl_buf_add(page->buf, TSKL_S("no response"));
    tskl_page_style(page, NULL);
}

static void add_moment(tskl_buf *text, const char *before, int64_t wall_us) {
    char iso[25];
    tskl_clock_iso(wall_us, iso);
    tskl_buf_printf(text, "%s%s", before, iso);
}

// ", POST https://api.stripe.com/v1/charges"; of calls whose queries differ, what they share.
static void add_place(const tskl_page *page, const tskl_explanation *e,
                      const tskl_sighting *several) {
    tskl_slice url = e->url;
    if (several && several->several_urls) url = tskl_slice_first(url, tskl_slice_find(url, '?'));
    if (url.len == 0) return;
    tskl_buf_add(page->buf, TSKL_S(", "));
    tskl_page_show(page, NULL, e->read->view.method, METHOD_MAX);
    tskl_buf_byte(page->buf, ' ');
    tskl_page_show(page, NULL, url, TSKL_REASON_TEXT_MAX);
}

// "entries 3 to 12"; of one, its time too, which the line above does not have.
static void add_numbers(const tskl_page *page, const tskl_sighting *several) {
    tskl_page_style(page, TSKL_PAGE_DIM);
    tskl_buf_add(page->buf, TSKL_S(TSKL_REASON_INDENT));
    tskl_sighting_add_numbers(page->buf, several);
    if (several->count == 1 && several->from_us) add_moment(page->buf, ", ", several->from_us);
    tskl_page_style(page, NULL);
    tskl_buf_byte(page->buf, '\n');
}

static void add_head(const tskl_page *page, const tskl_explanation *e,
                     const tskl_sighting *several) {
    bool many = several && several->count > 1;
    if (many) tskl_buf_printf(page->buf, "%zu times ", several->count);
    add_status(page, e);
    if (e->guessed) {
        tskl_buf_add(page->buf, TSKL_S(", by its marks from "));
        tskl_page_show(page, NULL, e->service, TSKL_REASON_WORD_MAX);
    }
    add_place(page, e, several);
    if (many && several->from_us) {
        add_moment(page->buf, ", from ", several->from_us);
        add_moment(page->buf, " to ", several->to_us);
    }
    tskl_buf_byte(page->buf, '\n');
    if (several) add_numbers(page, several);
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

void tskl_explanation_add_text(tskl_buf *text, const tskl_explanation *e,
                               const tskl_sighting *several, bool colour) {
    tskl_page page = {.buf = text, .colour = colour, .columns = COLUMNS};
    add_head(&page, e, several);
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

static void add_sighting(tskl_buf *json, const tskl_sighting *several) {
    char iso[25];
    tskl_json_add_key(json, TSKL_S("times"));
    tskl_buf_u64(json, several->count);
    tskl_json_add_key(json, TSKL_S("entry"));
    tskl_buf_u64(json, several->ranges[0].from);
    if (several->from_us == 0) return;
    tskl_clock_iso(several->from_us, iso);
    add_member(json, "from", tskl_slice_of(iso));
    tskl_clock_iso(several->to_us, iso);
    add_member(json, "to", tskl_slice_of(iso));
}

static void add_unit(tskl_buf *json, uint32_t unit) {
    tskl_buf_printf(json, "\\u%04x", (unsigned)unit);
}

// JSON is read on terminals as well. What deceives there can only stand in strings, where its
// escape means the same.
static void add_shown_json(tskl_buf *text, tskl_slice json) {
    while (json.len) {
        uint32_t c;
        size_t len = tskl_utf8_next(json, &c);
        if (!tskl_utf8_is_deceptive(c)) {
            tskl_buf_add(text, tskl_slice_first(json, len ? len : 1));
        } else if (c < 0x10000) {
            add_unit(text, c);
        } else {
            add_unit(text, 0xd800 + ((c - 0x10000) >> 10));
            add_unit(text, 0xdc00 + (c & 0x3ff));
        }
        json = tskl_slice_from(json, len ? len : 1);
    }
}

static void add_object(tskl_buf *json, const tskl_explanation *e, const tskl_sighting *several) {
    tskl_group group;
    tskl_buf_byte(json, '{');
    add_flag(json, "failed", e->failed);
    add_flag(json, "explained", e->service.len > 0);
    add_member(json, "service", e->service);
    if (e->service.len) add_flag(json, "guessed", e->guessed);
    for (size_t at = 0; tskl_group_next(&e->read->captures, &at, &group);)
        if (tskl_slice_equal(group.items[0].pack, e->service)) add_group(json, &group);
    if (several) add_sighting(json, several);
    tskl_json_add_key(json, TSKL_S("record"));
    tskl_buf_add(json, e->line);
    tskl_buf_add(json, TSKL_S("}\n"));
}

void tskl_explanation_add_json(tskl_buf *text, const tskl_explanation *e,
                               const tskl_sighting *several) {
    tskl_buf json;
    tskl_buf_init(&json, text->cap);
    add_object(&json, e, several);
    add_shown_json(text, tskl_buf_slice(&json));
    text->failed = text->failed || json.failed;
    tskl_buf_deinit(&json);
}
