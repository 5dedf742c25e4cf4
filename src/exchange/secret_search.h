// secret_search: one exchange's secrets, looked for in a text form by form. For secret_*.c alone;
// what others call stands in mask.h and masker.h.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_EXCHANGE_SECRET_SEARCH_H
#define TSKL_EXCHANGE_SECRET_SEARCH_H
#include "exchange/masker.h"
#include "exchange/secret_filter.h"
#include "exchange/secret_forms.h"

enum { TSKL_BASE64_ALIGNMENTS = 3 }; // an owner of base64's digits is that of the secret times it

struct tskl_secret_search {
    tskl_arena *arena;
    const tskl_slice *secrets; // for which all that follows was made
    size_t count;
    unsigned changes;       // of the secrets, by then
    tskl_pattern *patterns; // of bytes
    size_t pattern_count;
    size_t *rests; // where each secret goes on behind what is searched for, once it is unescaped
    tskl_secret_filter filter;
    tskl_automaton bytes, digits; // the second one of base64's; each built when first needed
    bool bytes_built, digits_built;
    bool failed; // no memory
};

/** Ready for these secrets, of which there are some; `failed` where there was no memory. */
tskl_secret_search *tskl_secret_search_of(const tskl_secrets *secrets);
/** The automaton for a form. Sets `failed` where it cannot be built. */
const tskl_automaton *tskl_secret_search_automaton(tskl_secret_search *search,
                                                   tskl_secret_form form);

/** One text, searched in one form. */
typedef struct tskl_secret_pass {
    tskl_secret_search *search;
    const tskl_automaton *automaton;
    tskl_secret_form form;
    tskl_form_reader reader;
    unsigned state, other; // in hex, pairs from even places and from odd ones take turns
    size_t mark;           // the next place that may be a secret's, or escape
    size_t starts[TSKL_PATTERN_MAX], read; // where the last symbols begin
} tskl_secret_pass;

/** Where a secret stands. */
typedef struct tskl_secret_hit {
    size_t start, end;
    unsigned owner;
    bool cut; // the secret is longer than what was searched for
} tskl_secret_hit;

/** Begins a pass. False: nothing in the text may be a secret in that form, or there is no memory.
 *  `first` is the filter's first place. */
bool tskl_secret_pass_begin(tskl_secret_pass *pass, tskl_secret_search *search,
                            tskl_secret_form form, tskl_slice text, size_t first);
/** The next end of a secret, of the longest that ends there. */
bool tskl_secret_pass_next(tskl_secret_pass *pass, tskl_secret_hit *out);
#endif
