// manifest_schema: what the readers of a manifest's schemas share.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PACK_MANIFEST_SCHEMA_H
#define TSKL_PACK_MANIFEST_SCHEMA_H
#include "pack/manifest.h"

enum { TSKL_MANIFEST_DESCRIPTION_MAX = 4096, TSKL_MANIFEST_URL_MAX = 2048 };

/** A manifest while it is read: what is not kept as it was written stands beside it. Each schema's
 *  own begins with it. */
typedef struct tskl_manifest_draft {
    tskl_manifest manifest;
    tskl_slice schema, source, signature;
    tskl_texts methods;
} tskl_manifest_draft;

/** The keys that every schema has, into a draft. */
extern const tskl_shape tskl_manifest_common_shape;

/** Checks of a shape's rows. INVALID. */
tskl_status tskl_manifest_check_environment(const tskl_place *place, void *into, tskl_error *err);
/** Fails with "... is not WHAT" at the first string of the list that is none. INVALID. */
tskl_status tskl_manifest_check_each(const tskl_place *place, bool (*is_valid)(tskl_slice),
                                     const char *what, tskl_error *err);
/** Reads the keys of `shape`, which has those of every schema too, into the draft that `common`
 *  begins. INVALID names the
 *  field; NOMEM. */
tskl_status tskl_manifest_read_keys(const tskl_shape *shape, const tskl_place *root,
                                    tskl_manifest_draft *common, tskl_error *err);
/** Reads schema `pre1` into the arena of the document. INVALID names the field; NOMEM. */
tskl_status tskl_manifest_read_pre1(const tskl_place *root, tskl_manifest *out, tskl_error *err);
#endif
