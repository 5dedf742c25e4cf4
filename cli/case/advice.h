// advice: what an author does about a hook that did not end well.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_ADVICE_H
#define TSKL_CLI_ADVICE_H
#include "base/slice.h"

/** A sentence for a record's word, "time" or "trap"; NULL for a word that needs none. Static. */
const char *tskl_advice_on(tskl_slice result);
#endif
