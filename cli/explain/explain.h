// explain: which Pack knows an answer, and what it says of it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_EXPLAIN_H
#define TSKL_CLI_EXPLAIN_H
#include "config/config.h"
#include "recording/item.h"

/** What is known of one call. In the arena it was made in. */
typedef struct tskl_explanation {
    tskl_read_record *read; // NULL: the configuration says not to observe such a call
    tskl_slice line;        // the record, as written
    tskl_slice url;         // as the record would have it; empty where none was given
    tskl_slice service;     // the Pack that says why; empty: none does
    bool guessed;           // it was found by the answer's marks, not by the URL
    tskl_slice could_be;    // Packs that would say something if it were theirs, with commas
    bool failed;
    bool timed; // it is known when the call was made
} tskl_explanation;

typedef struct tskl_explainer tskl_explainer;

/** Opens the Packs of `config`, which is borrowed. As tskl_observer_open. */
tskl_status tskl_explainer_open(const tskl_config *config, tskl_explainer **out, tskl_error *err);
/** The first host that the Pack of that name is for, or empty. */
tskl_slice tskl_explainer_host(const tskl_explainer *explainer, tskl_slice pack);
/** Explains one call; a URL that is empty or that no Pack is for is guessed. NOMEM, TIMEOUT. */
tskl_status tskl_explain(tskl_explainer *explainer, const tskl_call *call, tskl_arena *arena,
                         tskl_explanation *out, tskl_error *err);
/** Explains a record by what its Packs said when it was written. Shares what the item has. */
void tskl_explain_record(const tskl_item *item, tskl_explanation *out);
void tskl_explainer_close(tskl_explainer *explainer);
#endif
