// Secrets in a text, and what hangs on them, become stars.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/secret_search.h"

// As far as a secret goes on that is longer than what is searched for: it may have spaces in it.
static size_t end_of_rest(const tskl_secret_pass *p, const tskl_secret_hit *found) {
    bool escaped = p->form == TSKL_FORM_ESCAPED;
    tskl_secret_form form = escaped ? p->form : TSKL_FORM_PLAIN;
    tskl_form_reader rest = {.text = p->search->secrets[found->owner]}, text = p->reader;
    size_t end = found->end;
    rest.at = escaped ? p->search->rests[found->owner] : TSKL_PATTERN_MAX;
    text.at = end;
    for (int symbol; (symbol = tskl_form_read(&rest, form)) >= 0; end = text.at) {
        if (tskl_form_read(&text, p->form) != symbol) break;
        if (p->form == TSKL_FORM_HEX) text.at++; // on to the next pair
    }
    return end;
}

// All that is hidden with a secret: its rest, and the token that goes on behind it.
static size_t end_of_hit(const tskl_secret_pass *p, const tskl_secret_hit *found) {
    size_t end = found->end;
    if (found->cut && p->form != TSKL_FORM_BASE64) end = end_of_rest(p, found);
    return tskl_form_token_end(p->reader.text, p->form, end);
}

// Backslashes before a secret escape its first byte. A digit of base64 before it has its first
// bits, unless it begins with a digit of its own.
static size_t start_of_hit(const tskl_secret_pass *p, const tskl_secret_hit *found, size_t least) {
    tskl_slice text = p->reader.text;
    size_t start = found->start > least ? found->start : least;
    if (p->form == TSKL_FORM_BASE64 && found->owner % TSKL_BASE64_ALIGNMENTS && start > least &&
        tskl_base64_digit(text.ptr[start - 1]) >= 0)
        return start - 1;
    while (start > least && text.ptr[start - 1] == '\\') start--;
    return start;
}

// A text that becomes shorter from its beginning on, in memory of its own from the first change.
typedef struct shortening {
    char *own;
    size_t len, taken; // of what is done, and how far that reaches in the text
} shortening;

static bool replace(shortening *s, tskl_secret_pass *p, size_t start, size_t end) {
    const tskl_slice stars = TSKL_S("***");
    if (!s->own) {
        s->own = tskl_arena_cstr(p->search->arena, p->reader.text);
        if (!s->own) return false;
        p->reader.text.ptr = s->own;
    }
    memmove(s->own + s->len, s->own + s->taken, start - s->taken);
    s->len += start - s->taken;
    memcpy(s->own + s->len, stars.ptr, stars.len);
    s->len += stars.len;
    s->taken = end;
    return true;
}

static void finish(shortening *s, tskl_slice *text) {
    memmove(s->own + s->len, s->own + s->taken, text->len - s->taken);
    *text = tskl_slice_make(s->own, s->len + text->len - s->taken);
}

// Hits that overlap, or begin in the token of one before, are hidden as one.
static bool hide_in(tskl_secret_pass *p, tskl_slice *text, char **own) {
    shortening s = {.own = *own};
    size_t start = 0, end = 0, done = 0; // what is to be hidden next, and what was
    for (tskl_secret_hit found; tskl_secret_pass_next(p, &found);) {
        if (end && found.start > end) {
            if (!replace(&s, p, start, end)) return false;
            done = end;
            end = 0;
        }
        if (!end) start = start_of_hit(p, &found, done);
        if (found.start < start) start = found.start > done ? found.start : done;
        if (found.end > end) end = end_of_hit(p, &found);
    }
    if (end && !replace(&s, p, start, end)) return false;
    if (s.taken) finish(&s, text);
    *own = s.own;
    return true;
}

bool tskl_secrets_hide(const tskl_secrets *secrets, tskl_slice text, tskl_slice *out) {
    *out = text;
    if (secrets->count == 0 || text.len < TSKL_SECRET_MIN) return true;
    tskl_secret_search *search = tskl_secret_search_of(secrets);
    bool hidden = !search->failed;
    char *own = NULL;
    size_t first = hidden ? tskl_secret_filter_next(&search->filter, text, 0) : SIZE_MAX;
    for (tskl_secret_form form = 0; hidden && form < TSKL_FORMS; form++) {
        tskl_secret_pass p;
        size_t len = out->len;
        if (tskl_secret_pass_begin(&p, search, form, *out, first)) hidden = hide_in(&p, out, &own);
        if (out->len != len) first = tskl_secret_filter_next(&search->filter, *out, 0);
    }
    if (hidden && !search->failed) return true;
    *out = (tskl_slice){NULL, 0};
    return false;
}
