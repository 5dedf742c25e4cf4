// capture: what the Packs reported of one exchange, named, bounded and free of secrets.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CAPTURE_CAPTURE_H
#define TSKL_CAPTURE_CAPTURE_H
#include "base/json.h"
#include "exchange/mask.h"

enum {
    TSKL_CAPTURE_NAME_MAX = 64,    // bytes of a name, without its Pack
    TSKL_CAPTURE_STRING_MAX = 2048 // bytes of a value; longer ones are cut at a character
};

/** One named value; the arena of the exchange holds it. */
typedef struct tskl_capture {
    tskl_slice pack, name; // shown as "pack/name"
    tskl_json_kind kind;   // STRING, NUMBER or BOOL
    tskl_slice text;       // the string; the number in its shortest form; "true" or "false"
} tskl_capture;

typedef struct tskl_captures {
    tskl_arena *arena;
    const tskl_secrets *secrets;
    tskl_capture *items;
    size_t count, room;
    size_t withheld; // refused: a secret, a limit, a name or value that is none, or not declared
    const tskl_slice *only; // the names that are taken; NULL: all
    size_t only_count;
} tskl_captures;

void tskl_captures_init(tskl_captures *captures, tskl_arena *arena, const tskl_secrets *secrets);
/** Adds each member of `object` for `pack`, at most `limit` of that Pack in all. A name given
 *  again (in `chunk`, in `post`) replaces its value and keeps its place. NOMEM. */
tskl_status tskl_captures_add(tskl_captures *captures, tskl_slice pack, const tskl_json *object,
                              size_t limit, tskl_error *err);
#endif
