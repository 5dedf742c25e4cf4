// discover: the configuration's file and the Packs that nobody named but that lie where they are
// looked for.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CONFIG_DISCOVER_H
#define TSKL_CONFIG_DISCOVER_H
#include "config/config.h"

/** The first of taskless.yaml, .yml and .json in `directory` (NULL: nowhere), then in the working
 *  folder and its parents up to the repository's root, then in the user's own folder; NULL where
 *  there is none. In `arena`. NOMEM. */
tskl_status tskl_discover_file(const char *directory, tskl_arena *arena, const char **path,
                               tskl_error *err);
/** The folder .taskless in the working folder or its parents up to the repository's root; NULL
 *  where there is none. In `arena`. NOMEM. */
tskl_status tskl_discover_directory(tskl_arena *arena, const char **path, tskl_error *err);
/** True for a file of the user's own folder ($XDG_CONFIG_HOME/taskless, ~/.config/taskless), and
 *  for one of root's that the effective user can neither write nor replace, as in an image. */
bool tskl_discover_is_own(const char *path);
/** The Packs in `folder`, or `folder` itself where it is one: folders with a manifest.json or
 *  pack.wasm and files that end in .tgz, by name. `*foreign` as tskl_trust_check_foreign.
 *  NOT_FOUND: no such folder; UNTRUSTED; IO; LIMIT; NOMEM. */
tskl_status tskl_discover_packs(const char *folder, tskl_arena *arena, tskl_config_pack **packs,
                                size_t *count, bool *foreign, tskl_error *err);
/** Sets `from` of an entry that has neither it nor `module`: the folder or .tgz of its name in
 *  `folder`, else in `builtin` (which may be NULL). Where there is none it is looked for in
 *  `folder`, so that reading it says what is missing. NOMEM. */
tskl_status tskl_discover_named(tskl_config_pack *entry, const char *folder, const char *builtin,
                                tskl_arena *arena, tskl_error *err);
/** What a Pack is called: by the file, else by its manifest, else as its folder or bundle. In
 *  `arena`, or the entry's. */
tskl_slice tskl_discover_name(const tskl_config_pack *entry, tskl_arena *arena);
#endif
