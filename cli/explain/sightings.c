// SPDX-License-Identifier: Apache-2.0
#include "explain/sightings.h"
#include "output/group.h"

enum { KEY_MAX = 8 * 1024 };

static void add_part(tskl_buf *key, tskl_slice part) {
    tskl_buf_add(key, part);
    tskl_buf_byte(key, '\n');
}

// Words with a number in them are ids and times, which differ from one call to the next.
static void add_words(tskl_buf *key, tskl_slice text) {
    while (text.len) {
        tskl_slice word = tskl_slice_split(&text, ' ');
        bool numbered = false;
        for (size_t i = 0; i < word.len; i++)
            numbered = numbered || (word.ptr[i] >= '0' && word.ptr[i] <= '9');
        add_part(key, numbered ? TSKL_S("0") : word);
    }
}

static void add_captures(tskl_buf *key, const tskl_captures *captures) {
    static const char *const names[] = {"class", "error.type", "error.code", "error.decline_code",
                                        "error.param"};
    tskl_group group;
    for (size_t at = 0; tskl_group_next(captures, &at, &group);) {
        add_part(key, group.items[0].pack);
        for (size_t i = 0; i < TSKL_COUNT(names); i++)
            add_part(key, tskl_group_get(&group, names[i]));
        add_words(key, tskl_group_get(&group, "error.message"));
    }
    add_words(key, tskl_group_core_error(captures));
}

static tskl_slice without_query(tskl_slice url) {
    return tskl_slice_first(url, tskl_slice_find(url, '?'));
}

// What two calls have to agree on to be shown as one.
static void make_key(tskl_buf *key, const tskl_explanation *e) {
    const tskl_view *view = &e->read->view;
    tskl_buf_printf(key, "%d %d\n", e->read->exchange.status, (int)e->read->exchange.ending);
    add_part(key, view->method);
    add_part(key, without_query(e->url));
    add_part(key, view->error_kind);
    add_part(key, view->error_code);
    add_part(key, e->service);
    add_captures(key, &e->read->captures);
}

static tskl_sighting *find(tskl_sightings *sightings, tskl_slice key) {
    for (size_t i = 0; i < sightings->count; i++)
        if (tskl_slice_equal(sightings->items[i].key, key)) return &sightings->items[i];
    return NULL;
}

static void add_number(tskl_sighting *s, size_t number) {
    size_t last = s->range_count;
    if (last && last <= TSKL_SIGHTING_RANGES && s->ranges[last - 1].to + 1 == number) {
        s->ranges[last - 1].to = number;
        return;
    }
    if (s->range_count < TSKL_SIGHTING_RANGES)
        s->ranges[s->range_count].from = s->ranges[s->range_count].to = number;
    s->range_count++;
}

static void note(tskl_sighting *s, const tskl_explanation *e, size_t number) {
    int64_t start_us = e->read->exchange.start_us;
    s->count++;
    add_number(s, number);
    s->several_urls = s->several_urls || !tskl_slice_equal(s->first.url, e->url);
    if (!e->timed) return;
    if (s->from_us == 0 || start_us < s->from_us) s->from_us = start_us;
    if (start_us > s->to_us) s->to_us = start_us;
}

void tskl_sightings_add(tskl_sightings *sightings, const tskl_explanation *e, size_t number,
                        tskl_arena *arena) {
    tskl_buf key;
    tskl_buf_init(&key, KEY_MAX);
    make_key(&key, e);
    tskl_sighting *s = find(sightings, tskl_buf_slice(&key));
    if (s) {
        note(s, e, number);
    } else if (sightings->count == TSKL_SIGHTINGS_MAX) {
        sightings->left_out++;
    } else {
        s = &sightings->items[sightings->count++];
        *s = (tskl_sighting){.first = *e, .arena = *arena};
        *arena = (tskl_arena){0};
        // Without memory for a key this call stays one by itself.
        (void)tskl_arena_copy(&s->arena, tskl_buf_slice(&key), &s->key);
        note(s, e, number);
    }
    tskl_buf_deinit(&key);
    tskl_arena_reset(arena);
}

void tskl_sighting_add_numbers(tskl_buf *text, const tskl_sighting *sighting) {
    bool all = sighting->range_count <= TSKL_SIGHTING_RANGES;
    tskl_buf_add(text, sighting->count == 1 ? TSKL_S("entry ") : TSKL_S("entries "));
    for (size_t i = 0; i < (all ? sighting->range_count : TSKL_SIGHTING_RANGES); i++) {
        size_t from = sighting->ranges[i].from, to = sighting->ranges[i].to;
        tskl_buf_printf(text, "%s%zu", i ? ", " : "", from);
        if (to > from) tskl_buf_printf(text, "%s%zu", to == from + 1 ? ", " : " to ", to);
    }
    if (!all) tskl_buf_add(text, TSKL_S(" and more"));
}

void tskl_sightings_deinit(tskl_sightings *sightings) {
    for (size_t i = 0; i < sightings->count; i++) tskl_arena_reset(&sightings->items[i].arena);
    sightings->count = 0;
}
