// The states are made level by level from the sorted patterns: those that share a state stand
// together, and its children get numbers in a row.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/automaton.h"
#include <assert.h>
#include <stdlib.h>

static_assert(TSKL_PATTERNS_MAX * TSKL_PATTERN_MAX < UINT16_MAX, "a state's number has 16 bits");

#ifdef TSKL_TESTING
_Thread_local uint64_t tskl_search_steps;
#endif

// The sorted patterns that pass through a state.
typedef struct range {
    uint16_t from, to;
} range;

typedef struct builder {
    tskl_automaton *automaton;
    const tskl_pattern *patterns;
    range *ranges; // of each state
    size_t made;   // states
} builder;

static int compare(const void *a, const void *b) {
    return tskl_slice_compare(((const tskl_pattern *)a)->symbols,
                              ((const tskl_pattern *)b)->symbols);
}

static bool take_memory(builder *b, size_t states, tskl_arena *arena) {
    tskl_automaton *automaton = b->automaton;
    automaton->states = tskl_arena_take(arena, states * sizeof *automaton->states);
    automaton->symbols = tskl_arena_take(arena, states);
    b->ranges = tskl_arena_take(arena, states * sizeof *b->ranges);
    return automaton->states && automaton->symbols && b->ranges;
}

static void add_child(builder *b, size_t parent, unsigned char symbol, range patterns) {
    tskl_automaton *automaton = b->automaton;
    size_t child = b->made++, parents_fail = automaton->states[parent].fail;
    automaton->symbols[child] = symbol;
    b->ranges[child] = patterns;
    automaton->states[child] = (tskl_automaton_state){
        .fail = parent ? (uint16_t)tskl_automaton_step(automaton, parents_fail, symbol) : 0,
        .depth = (uint8_t)(automaton->states[parent].depth + 1),
    };
    if (!parent) automaton->root[symbol] = (uint16_t)child;
}

// What ends here, or else what ends in an end of it: states of less depth are complete.
static void note_found(builder *b, size_t state, range *left) {
    tskl_automaton_state *at = &b->automaton->states[state];
    const tskl_automaton_state *fail = &b->automaton->states[at->fail];
    at->found = fail->found;
    at->owner = fail->owner;
    for (; left->from < left->to; left->from++) {
        const tskl_pattern *pattern = &b->patterns[left->from];
        if (pattern->symbols.len > at->depth) return;
        at->found = at->depth;
        at->owner = pattern->owner;
    }
}

static void add_children(builder *b, size_t state) {
    range left = b->ranges[state];
    size_t depth = b->automaton->states[state].depth;
    if (state) note_found(b, state, &left); // those that end here are the first of them
    b->automaton->states[state].first = (uint16_t)b->made;
    while (left.from < left.to) {
        char symbol = b->patterns[left.from].symbols.ptr[depth];
        range same = {left.from, left.from};
        while (same.to < left.to && b->patterns[same.to].symbols.ptr[depth] == symbol) same.to++;
        add_child(b, state, (unsigned char)symbol, same);
        left.from = same.to;
    }
    b->automaton->states[state].count = (uint16_t)(b->made - b->automaton->states[state].first);
}

bool tskl_automaton_build(tskl_automaton *automaton, tskl_pattern *patterns, size_t count,
                          tskl_arena *arena) {
    builder b = {.automaton = automaton, .patterns = patterns, .made = 1};
    size_t states = 1;
    assert(count <= TSKL_PATTERNS_MAX);
    memset(automaton, 0, sizeof *automaton);
    for (size_t i = 0; i < count; i++) states += patterns[i].symbols.len;
    if (!take_memory(&b, states, arena)) return false;
    if (count) qsort(patterns, count, sizeof *patterns, compare);
    automaton->states[0] = (tskl_automaton_state){0};
    b.ranges[0] = (range){0, (uint16_t)count};
    for (size_t state = 0; state < b.made; state++) add_children(&b, state);
    automaton->count = b.made;
    return true;
}
