// pack_entry: one entry of `packs` in taskless.yaml.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CONFIG_PACK_ENTRY_H
#define TSKL_CONFIG_PACK_ENTRY_H
#include "base/digest.h"
#include "config/config.h"

extern const tskl_shape tskl_pack_entry_shape;

/** Sets what an entry read by the shape leaves to its defaults; fails when it makes no sense.
 *  INVALID. */
tskl_status tskl_pack_entry_check(const tskl_place *place, void *entry, tskl_error *err);
/** True when its Pack has to be fetched: `from` is https:, http: or oci:. */
bool tskl_pack_entry_is_remote(const tskl_config_pack *entry);
/** True when it is to be fetched from a web server: all of these but oci:. */
bool tskl_pack_entry_is_url(const tskl_config_pack *entry);
/** Fails with INVALID when the URL is none that a Pack is fetched from, or there is no digest. */
tskl_status tskl_pack_entry_check_url(const tskl_config_pack *entry, tskl_sha256 *digest,
                                      tskl_error *err);
/** Fails when two entries have one name. INVALID, at the second. */
tskl_status tskl_pack_entry_check_names(const tskl_place *root, const tskl_config_pack *packs,
                                        size_t count, tskl_error *err);
#endif
