// shown: the JSON a Pack is given, made of an exchange's view.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_PACK_SHOWN_H
#define TSKL_PACK_SHOWN_H
#include "base/buf.h"
#include "exchange/view.h"
#include "pack/pack.h"

typedef struct tskl_shown_call {
    tskl_method method;
    tskl_slice context;      // JSON, or empty
    const tskl_chunk *chunk; // with CHUNK; NULL for the last, empty one
    uint32_t attempt;        // 0: not known
} tskl_shown_call;

/** Writes the bodies that Packs may see as JSON, once for all of them, to `texts`, which has to
 * stay as it is while the view is shown. Without it each hook writes them itself. */
void tskl_shown_prepare(tskl_view *view, tskl_buf *texts);
/** Appends the input of one hook. A failed buffer says that it did not fit. */
void tskl_shown_add(tskl_buf *json, const tskl_pack *pack, const tskl_view *view,
                    const tskl_shown_call *call);
#endif
