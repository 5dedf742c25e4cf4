// built_pack: whether what a compiler made is a Pack, with the reason and the mend where it is not.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_BUILT_PACK_H
#define TSKL_CLI_BUILT_PACK_H
#include "inspect/inspection.h"

/** Checks exports and imports. `hook` is how the language writes one, with "@hook@" for its name;
 *  it may be empty. INVALID: no hook, one of a wrong type, one of the manifest's methods missing,
 * an import that no Pack is given. A hook that would never run is complained of. */
tskl_status tskl_built_pack_check(const tskl_inspection *in, tskl_slice hook, tskl_error *err);
#endif
