// automaton: many byte strings looked for at once (Aho and Corasick), in time linear in the text.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_EXCHANGE_AUTOMATON_H
#define TSKL_EXCHANGE_AUTOMATON_H
#include "base/arena.h"
#include "exchange/search_steps.h"

enum {
    TSKL_PATTERN_MAX = 64,    // symbols
    TSKL_PATTERNS_MAX = 1000, // so that a state's number has 16 bits
};

typedef struct tskl_pattern {
    tskl_slice symbols; // from 1 to TSKL_PATTERN_MAX
    uint16_t owner;     // told where the pattern is found
} tskl_pattern;

/** What has been read that may be the beginning of a pattern. */
typedef struct tskl_automaton_state {
    uint16_t first, count; // its children, numbered one after the other
    uint16_t fail;         // the longest end of what was read that begins a pattern as well
    uint16_t owner;        // of the longest pattern that ends here
    uint8_t found;         // that pattern's length; 0: none ends here
    uint8_t depth;         // how many symbols were read
} tskl_automaton_state;

typedef struct tskl_automaton {
    tskl_automaton_state *states; // the first one, nothing read, is the root
    size_t count;
    unsigned char *symbols; // the last one read, of each state
    uint16_t root[256];     // the root's children by their symbol; 0: none
} tskl_automaton;

/** Sorts `patterns` and builds the automaton in `arena`. False: no memory. */
bool tskl_automaton_build(tskl_automaton *automaton, tskl_pattern *patterns, size_t count,
                          tskl_arena *arena);

/** The child of `state` with that symbol, or 0. Few states have more than one child. */
static inline unsigned tskl_automaton_child(const tskl_automaton *automaton, unsigned state,
                                            unsigned char symbol) {
    const tskl_automaton_state *at = &automaton->states[state];
    const unsigned char *symbols = automaton->symbols + at->first;
    enum { FEW = 4 };
    if (at->count > FEW) {
        const unsigned char *hit = memchr(symbols, symbol, at->count);
        return hit ? (unsigned)(hit - automaton->symbols) : 0;
    }
    for (unsigned i = 0; i < at->count; i++)
        if (symbols[i] == symbol) return at->first + i;
    return 0;
}

/** The state after one symbol more: each step down undoes one up, so that a text of n symbols
 *  takes at most 2n. */
static inline unsigned tskl_automaton_step(const tskl_automaton *automaton, unsigned state,
                                           unsigned char symbol) {
    while (state) {
        TSKL_SEARCH_STEP();
        unsigned child = tskl_automaton_child(automaton, state, symbol);
        if (child) return child;
        state = automaton->states[state].fail;
    }
    TSKL_SEARCH_STEP();
    return automaton->root[symbol];
}
#endif
