// permissions: what a manifest asks for, and how much of it the configuration grants.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PACK_PERMISSIONS_H
#define TSKL_PACK_PERMISSIONS_H
#include "pack/pack.h"

/** Fills what `pack` may see and do from its manifest. `entry` and `config` may be NULL: then it
 *  is granted what a Pack is granted by being there. INVALID names the host at fault; NOMEM. */
tskl_status tskl_permissions_grant(tskl_pack *pack, const tskl_config_pack *entry,
                                   const tskl_config *config, tskl_error *err);
#endif
