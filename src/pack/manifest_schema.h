// manifest_schema: what the readers of a manifest's schemas share.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PACK_MANIFEST_SCHEMA_H
#define TSKL_PACK_MANIFEST_SCHEMA_H
#include "pack/manifest.h"

/** Checks of a shape's rows. INVALID. */
tskl_status tskl_manifest_check_name(const tskl_place *place, void *into, tskl_error *err);
tskl_status tskl_manifest_check_version(const tskl_place *place, void *into, tskl_error *err);
tskl_status tskl_manifest_check_methods(const tskl_place *place, void *into, tskl_error *err);
tskl_status tskl_manifest_check_environment(const tskl_place *place, void *into, tskl_error *err);
/** Fails with "... is not WHAT" at the first string of the list that is none. INVALID. */
tskl_status tskl_manifest_check_each(const tskl_place *place, bool (*is_valid)(tskl_slice),
                                     const char *what, tskl_error *err);
/** Names that were checked, as a set of tskl_method. */
unsigned tskl_manifest_methods(const tskl_texts *names);
/** Reads schema `pre1` into the arena of the document. INVALID names the field; NOMEM. */
tskl_status tskl_manifest_read_pre1(const tskl_place *root, tskl_manifest *out, tskl_error *err);
#endif
