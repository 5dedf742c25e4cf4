// claims: what a case says of single places in a record, by JSONPath.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_CLAIMS_H
#define TSKL_CLI_CLAIMS_H
#include "config/place.h"

/** Checks that each member of the object at `place` is a path, and its value something that can be
 *  claimed. INVALID or SYNTAX naming file, line and path; NOMEM. */
tskl_status tskl_claims_check(const tskl_place *place, tskl_error *err);
/** True when the record is as one of them claims. `*got` is what stands there, as JSON in `arena`:
 *  empty for nothing, a list for several. NOMEM sets `*failed`. */
bool tskl_claim_holds(const tskl_json *claim, const tskl_json *record, tskl_arena *arena,
                      tskl_slice *got, bool *failed);
/** True when one of them is about `$.packs`: what a Pack came to is then expected, and no fault. */
bool tskl_claims_name_packs(const tskl_json *claims);
#endif
