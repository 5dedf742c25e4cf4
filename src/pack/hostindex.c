// One table of the names in all lists. A host is looked up as a whole, and each of its endings that
// begins behind a dot, with hashes that grow from its end: so it is gone through once.
// SPDX-License-Identifier: Apache-2.0
#include "pack/hostindex.h"
#include "base/alloc.h"
#include "base/random.h"
#include <assert.h>
#include <stdatomic.h>

// Who writes Packs chooses the names, and could choose such that fall into one slot. They cannot
// for a polynomial whose base they do not know: two names of n bytes then meet once in 2^61 / n.
#define MODULUS ((UINT64_C(1) << 61) - 1)

enum { SLOTS_FIRST = 64 };

typedef struct entry {
    tskl_hostitem item; // `name` in lower case
    uint64_t hash;
    atomic_uint_least64_t lists[TSKL_SET_WORDS]; // that have it
} entry;

// Open addressing, never over half full. A larger one takes the place of a full one, which stays
// for those who are reading it.
typedef struct table {
    size_t mask;
    _Atomic(entry *) slots[];
} table;

// What can take a host only by being matched.
typedef struct expressions {
    const tskl_hostpattern **items;
    size_t count;
} expressions;

struct tskl_hostindex {
    tskl_arena arena;
    uint64_t base;
    size_t count; // of entries
    _Atomic(table *) table;
    atomic_size_t longest;                          // name
    atomic_bool ports;                              // some name has one
    atomic_uint_least64_t matching[TSKL_SET_WORDS]; // the lists that have expressions
    _Atomic(expressions *) expressions[TSKL_HOSTINDEX_LISTS];
};

static uint64_t hash_byte(const tskl_hostindex *index, uint64_t hash, char byte) {
    unsigned char folded = (unsigned char)(byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte);
    __uint128_t product = (__uint128_t)hash * index->base + folded + 1;
    uint64_t sum = (uint64_t)(product & MODULUS) + (uint64_t)(product >> 61);
    return sum >= MODULUS ? sum - MODULUS : sum;
}

// Form and port count as two bytes before the name's first.
static uint64_t hash_item(const tskl_hostindex *index, uint64_t hash, tskl_hostform form,
                          uint16_t port) {
    hash = hash_byte(index, hash, (char)(port >> 8));
    hash = hash_byte(index, hash, (char)port);
    return hash_byte(index, hash, (char)form);
}

static uint64_t hash_name(const tskl_hostindex *index, tskl_slice name) {
    uint64_t hash = 0;
    for (size_t i = name.len; i-- > 0;) hash = hash_byte(index, hash, name.ptr[i]);
    return hash;
}

static entry *find_entry(const table *in, uint64_t hash, const tskl_hostitem *item) {
    for (size_t slot = hash & in->mask;; slot = (slot + 1) & in->mask) {
        entry *at = atomic_load(&in->slots[slot]);
        if (!at) return NULL;
        if (at->hash == hash && at->item.form == item->form && at->item.port == item->port &&
            tskl_slice_equal_nocase(at->item.name, item->name))
            return at;
    }
}

static void put_entry(table *into, entry *added) {
    size_t slot = added->hash & into->mask;
    while (atomic_load(&into->slots[slot])) slot = (slot + 1) & into->mask;
    atomic_store(&into->slots[slot], added);
}

// Room for `more` entries beside those that are there.
static bool make_room(tskl_hostindex *index, size_t more) {
    table *old = atomic_load(&index->table);
    size_t slots = old ? old->mask + 1 : SLOTS_FIRST;
    while (slots / 2 < index->count + more) slots *= 2;
    if (old && slots == old->mask + 1) return true;
    table *made = tskl_arena_zeroed(&index->arena, 1, sizeof *made + slots * sizeof made->slots[0]);
    if (!made) return false;
    made->mask = slots - 1;
    for (size_t i = 0; old && i <= old->mask; i++) {
        entry *moved = atomic_load(&old->slots[i]);
        if (moved) put_entry(made, moved);
    }
    atomic_store(&index->table, made);
    return true;
}

tskl_status tskl_hostindex_new(tskl_hostindex **out, tskl_error *err) {
    tskl_hostindex *index = *out = tskl_new(tskl_hostindex);
    if (index && make_room(index, 0)) {
        tskl_random_fill(&index->base, sizeof index->base);
        index->base = index->base % (MODULUS - 512) + 256;
        return TSKL_OK;
    }
    tskl_hostindex_free(index);
    *out = NULL;
    return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (indexing hosts)");
}

void tskl_hostindex_free(tskl_hostindex *index) {
    if (!index) return;
    tskl_arena_reset(&index->arena);
    tskl_free(index);
}

// What a list comes to, all of it made before any of it is seen.
typedef struct addition {
    entry *entries;
    size_t entry_count;
    expressions *expressions;
} addition;

static bool add_item(tskl_hostindex *index, const tskl_hostitem *item, addition *to) {
    entry *added = &to->entries[to->entry_count++];
    added->item = *item;
    added->hash = hash_item(index, hash_name(index, item->name), item->form, item->port);
    return tskl_arena_copy(&index->arena, item->name, &added->item.name);
}

// An expression that takes one host only is a name as any other.
static bool add_expression(tskl_hostindex *index, const tskl_hostpattern *pattern, addition *to) {
    char text[TSKL_HOSTPATTERN_MAX];
    tskl_hostitem item = {.form = TSKL_HOSTFORM_NAME, .name = {text, 0}};
    if (tskl_hostpattern_literal(pattern, text, &item.name.len)) return add_item(index, &item, to);
    to->expressions->items[to->expressions->count++] = pattern;
    return true;
}

static bool prepare(tskl_hostindex *index, const tskl_hostlist *list, addition *to) {
    tskl_arena *arena = &index->arena;
    to->entries = tskl_arena_array(arena, entry, list->count);
    if (!to->entries || !make_room(index, list->count)) return false;
    if (list->expressions) {
        to->expressions = tskl_arena_new(arena, expressions);
        if (!to->expressions) return false;
        to->expressions->items = tskl_arena_array(arena, const tskl_hostpattern *, list->count);
        if (!to->expressions->items) return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        tskl_hostitem item;
        bool added = list->expressions
                         ? add_expression(index, list->expressions[i], to)
                         : !tskl_hostlist_item(list->items[i], &item) || add_item(index, &item, to);
        if (!added) return false;
    }
    return true;
}

static void put_item(tskl_hostindex *index, entry *item, size_t number) {
    table *into = atomic_load(&index->table);
    entry *known = find_entry(into, item->hash, &item->item);
    atomic_fetch_or(&(known ? known : item)->lists[number / 64], UINT64_C(1) << number % 64);
    if (known) return;
    if (item->item.name.len > atomic_load(&index->longest))
        atomic_store(&index->longest, item->item.name.len);
    if (item->item.port) atomic_store(&index->ports, true);
    put_entry(into, item);
    index->count++;
}

tskl_status tskl_hostindex_add(tskl_hostindex *index, const tskl_hostlist *list, size_t number,
                               tskl_error *err) {
    addition made = {0};
    assert(number < TSKL_HOSTINDEX_LISTS);
    if (!prepare(index, list, &made))
        return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (indexing hosts)");
    for (size_t i = 0; i < made.entry_count; i++) put_item(index, &made.entries[i], number);
    if (!made.expressions || made.expressions->count == 0) return TSKL_OK;
    atomic_store(&index->expressions[number], made.expressions);
    atomic_fetch_or(&index->matching[number / 64], UINT64_C(1) << number % 64);
    return TSKL_OK;
}

void tskl_hostindex_remove(tskl_hostindex *index, size_t number) {
    uint64_t others = ~(UINT64_C(1) << number % 64);
    table *from = atomic_load(&index->table);
    atomic_fetch_and(&index->matching[number / 64], others);
    for (size_t i = 0; i <= from->mask; i++) {
        entry *at = atomic_load(&from->slots[i]);
        if (at) atomic_fetch_and(&at->lists[number / 64], others);
    }
}

// One look at one host.
typedef struct look {
    const tskl_hostindex *index;
    const table *table;
    uint16_t port; // 0 where no name has one
    tskl_set *taken;
} look;

static void look_up(const look *l, tskl_hostform form, tskl_slice name, uint64_t hash) {
    tskl_hostitem item = {.form = form, .name = name};
    for (int i = 0; i < (l->port ? 2 : 1); i++, item.port = l->port) {
        const entry *found =
            find_entry(l->table, hash_item(l->index, hash, form, item.port), &item);
        for (size_t j = 0; found && j < TSKL_SET_WORDS; j++)
            l->taken->words[j] |= atomic_load(&found->lists[j]);
    }
}

void tskl_hostindex_find(const tskl_hostindex *index, tskl_slice host, uint16_t port,
                         tskl_hostmatch *out) {
    *out = (tskl_hostmatch){0};
    look l = {.index = index, .table = atomic_load(&index->table), .taken = &out->taken};
    size_t longest = atomic_load(&index->longest);
    uint64_t hash = 0;
    if (atomic_load(&index->ports)) l.port = port;
    host = tskl_hostlist_plain(host);
    look_up(&l, TSKL_HOSTFORM_BELOW, tskl_slice_first(host, 0), hash);
    size_t i = host.len;
    // No name is longer, and a name of all that length has a dot before it.
    for (; i > 0 && host.len - i <= longest; i--) {
        if (host.ptr[i - 1] == '.' && i > 1)
            look_up(&l, TSKL_HOSTFORM_BELOW, tskl_slice_from(host, i), hash);
        hash = hash_byte(index, hash, host.ptr[i - 1]);
    }
    if (host.len <= longest) look_up(&l, TSKL_HOSTFORM_NAME, host, hash);
    if (host.len > TSKL_HOSTPATTERN_HOST_MAX) return;
    for (size_t j = 0; j < TSKL_SET_WORDS; j++)
        out->open.words[j] = atomic_load(&index->matching[j]) & ~out->taken.words[j];
}

static tskl_hostpattern_answer any_takes(const expressions *of, tskl_slice host, size_t *steps) {
    for (size_t i = 0; i < of->count; i++) {
        tskl_hostpattern_answer answer = tskl_hostpattern_takes(of->items[i], host, steps);
        if (answer != TSKL_HOSTPATTERN_NO) return answer;
    }
    return TSKL_HOSTPATTERN_NO;
}

void tskl_hostindex_decide(const tskl_hostindex *index, tskl_slice host, size_t steps,
                           tskl_hostmatch *match) {
    host = tskl_hostlist_plain(host);
    for (size_t i = tskl_set_next(&match->open, 0); i < TSKL_SET_MAX && steps > 0;
         i = tskl_set_next(&match->open, i + 1)) {
        tskl_hostpattern_answer answer =
            any_takes(atomic_load(&index->expressions[i]), host, &steps);
        if (answer == TSKL_HOSTPATTERN_OPEN) return;
        if (answer == TSKL_HOSTPATTERN_YES) tskl_set_add(&match->taken, i);
        match->open.words[i / 64] &= ~(UINT64_C(1) << i % 64);
    }
}

bool tskl_hostindex_has(const tskl_hostindex *index, tskl_slice host, uint16_t port) {
    tskl_hostmatch match;
    tskl_hostindex_find(index, host, port, &match);
    if (tskl_set_is_empty(&match.taken)) tskl_hostindex_decide(index, host, SIZE_MAX, &match);
    return !tskl_set_is_empty(&match.taken);
}
