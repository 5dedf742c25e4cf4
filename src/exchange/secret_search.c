// The search is linear in the text, whoever chose the secrets and the text:
// docs/internals/masking.md tells how. SPDX-License-Identifier: Apache-2.0
#include "exchange/secret_search.h"

static bool has_escapes(tskl_secret_form form) {
    return form == TSKL_FORM_PERCENT || form == TSKL_FORM_ESCAPED;
}

static size_t next_mark(const tskl_secret_pass *p, size_t at) {
    if (has_escapes(p->form)) return tskl_form_escape(p->reader.text, p->form, at);
    return tskl_secret_filter_next(&p->search->filter, p->reader.text, at);
}

// On to where the secret may begin that `mark` belongs to. A text in which nothing is escaped was
// searched as it is.
static void go_to_mark(tskl_secret_pass *p) {
    size_t back = has_escapes(p->form) ? TSKL_PATTERN_MAX - 1 : TSKL_FILTER_BACK;
    size_t start = p->mark > back ? p->mark - back : 0;
    if (start > p->reader.at) p->reader.at = start;
}

// With nothing under way, behind the last mark. False: there is no other.
static bool skip_ahead(tskl_secret_pass *p) {
    if (p->reader.left_count) return true;
    p->mark = next_mark(p, p->reader.at);
    if (p->mark == SIZE_MAX) return false;
    go_to_mark(p);
    return true;
}

static void note_hit(const tskl_secret_pass *p, tskl_secret_form form,
                     const tskl_automaton_state *state, tskl_secret_hit *out) {
    *out = (tskl_secret_hit){.start = p->starts[(p->read - state->found) % TSKL_PATTERN_MAX],
                             .end = p->reader.at,
                             .owner = state->owner,
                             .cut = state->found == TSKL_PATTERN_MAX};
    if (form != TSKL_FORM_HEX) return;
    out->start = p->reader.from - 2 * (state->found - 1);
    out->end = p->reader.from + 2;
}

static inline __attribute__((always_inline)) bool
next_hit_in(tskl_secret_pass *p, tskl_secret_form form, tskl_secret_hit *out) {
    for (;;) {
        bool idle = (p->state | p->other) == 0;
        if (idle && p->mark < p->reader.at && !skip_ahead(p)) return false;
        if (p->reader.at >= p->reader.text.len && p->reader.left_count == 0) return false;
        unsigned before = form == TSKL_FORM_HEX ? p->other : p->state;
        if (form == TSKL_FORM_HEX) p->other = p->state;
        int symbol = tskl_form_read(&p->reader, form);
        p->starts[p->read++ % TSKL_PATTERN_MAX] = p->reader.from;
        p->state =
            symbol < 0 ? 0 : tskl_automaton_step(p->automaton, before, (unsigned char)symbol);
        const tskl_automaton_state *state = &p->automaton->states[p->state];
        if (state->found == 0) continue;
        note_hit(p, form, state, out);
        return true;
    }
}

bool tskl_secret_pass_next(tskl_secret_pass *p, tskl_secret_hit *out) {
    switch (p->form) {
    case TSKL_FORM_PLAIN: return next_hit_in(p, TSKL_FORM_PLAIN, out);
    case TSKL_FORM_PERCENT: return next_hit_in(p, TSKL_FORM_PERCENT, out);
    case TSKL_FORM_ESCAPED: return next_hit_in(p, TSKL_FORM_ESCAPED, out);
    case TSKL_FORM_HEX: return next_hit_in(p, TSKL_FORM_HEX, out);
    case TSKL_FORM_BASE64: return next_hit_in(p, TSKL_FORM_BASE64, out);
    case TSKL_FORMS: break;
    }
    return false;
}

bool tskl_secret_pass_begin(tskl_secret_pass *p, tskl_secret_search *search, tskl_secret_form form,
                            tskl_slice text, size_t first) {
    p->search = search;
    p->form = form;
    p->reader = (tskl_form_reader){.text = text};
    p->state = p->other = 0;
    p->read = 0;
    p->mark = has_escapes(form) ? next_mark(p, 0) : first;
    if (p->mark == SIZE_MAX) return false;
    go_to_mark(p);
    p->automaton = tskl_secret_search_automaton(search, form);
    return !search->failed;
}

bool tskl_secrets_in(const tskl_secrets *secrets, tskl_slice text) {
    tskl_secret_pass p;
    tskl_secret_hit found;
    if (!secrets || secrets->count == 0 || text.len < TSKL_SECRET_MIN) return false;
    tskl_secret_search *search = tskl_secret_search_of(secrets);
    if (search->failed) return true; // nobody could say that there is none
    size_t first = tskl_secret_filter_next(&search->filter, text, 0);
    for (tskl_secret_form form = 0; form < TSKL_FORMS; form++)
        if (tskl_secret_pass_begin(&p, search, form, text, first) &&
            tskl_secret_pass_next(&p, &found))
            return true;
    return search->failed;
}

// Marks each secret that ends where `state` is reached, unless that was looked at before.
static void mark_shown(const tskl_automaton *automaton, unsigned state, bool *looked_at,
                       bool *shown) {
    for (; state && !looked_at[state]; state = automaton->states[state].fail) {
        const tskl_automaton_state *at = &automaton->states[state];
        looked_at[state] = true;
        if (at->found == at->depth) shown[at->owner] = true;
    }
}

// Of a longer secret, the text might show the beginning alone.
static void keep_hidden(tskl_secrets *secrets, const bool *shown) {
    size_t kept = 0;
    for (size_t i = 0; i < secrets->count; i++)
        if (!shown[i] || secrets->items[i].len > TSKL_PATTERN_MAX)
            secrets->items[kept++] = secrets->items[i];
    secrets->changes += kept != secrets->count;
    secrets->count = kept;
}

void tskl_secrets_forget(tskl_secrets *secrets, tskl_slice shown) {
    tskl_secret_pass p;
    bool is_shown[TSKL_SECRETS_MAX] = {false}, *looked_at;
    if (secrets->count == 0) return;
    tskl_secret_search *search = tskl_secret_search_of(secrets);
    if (search->failed) return;
    size_t first = tskl_secret_filter_next(&search->filter, shown, 0);
    if (!tskl_secret_pass_begin(&p, search, TSKL_FORM_PLAIN, shown, first)) return;
    looked_at = tskl_arena_array(search->arena, bool, p.automaton->count);
    if (!looked_at) return;
    for (tskl_secret_hit found; tskl_secret_pass_next(&p, &found);)
        mark_shown(p.automaton, p.state, looked_at, is_shown);
    keep_hidden(secrets, is_shown);
}
