// pack_list: the Packs that a check is about, and those that its cases may name besides.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_PACK_LIST_H
#define TSKL_CLI_PACK_LIST_H
#include "config/config.h"

/** A Pack that was read and compiled. */
typedef struct tskl_known_pack {
    tskl_slice name, version;
    tskl_slice from, module; // one of them, as in the configuration; `from` is a whole path
    bool asked_for;          // on the command line; or all are, as none was
} tskl_known_pack;

/** Zeroed, it is empty. The arena holds all of it. */
typedef struct tskl_pack_list {
    tskl_known_pack *items;
    size_t count, room, bad;
    tskl_arena arena;
} tskl_pack_list;

/** Reads and compiles the Packs at `paths` (ends with NULL), then those of `config` whose names are
 *  not taken. A bad one is complained of and counted, if it was asked for. NOMEM. */
tskl_status tskl_pack_list_fill(tskl_pack_list *list, char *const *paths, const tskl_config *config,
                                tskl_error *err);
void tskl_pack_list_deinit(tskl_pack_list *list);
/** The Pack of that name, or NULL. */
const tskl_known_pack *tskl_pack_list_find(const tskl_pack_list *list, tskl_slice name);
#endif
