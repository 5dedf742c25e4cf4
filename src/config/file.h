// file: taskless.yaml, version 1, section by section.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CONFIG_FILE_H
#define TSKL_CONFIG_FILE_H
#include "config/config.h"

enum { TSKL_FILE_MAX = 16 * 1024 * 1024 }; // a Pack as base64 may stand in it

/** Reads the file at `path` over what stands in `config`, into its arena. `*packs_given`: it has
 *  `packs`, so that none is looked for. SYNTAX, INVALID, UNTRUSTED, NOT_FOUND, LIMIT, UNAVAILABLE,
 *  IO or NOMEM, naming file, line and key. */
tskl_status tskl_file_read(const char *path, tskl_config *config, bool *packs_given,
                           tskl_error *err);
/** Reads its text: YAML, or JSON where `name` ends in ".json". `folder` is where relative paths in
 *  it begin. */
tskl_status tskl_file_parse(const char *name, const char *folder, tskl_slice text,
                            tskl_config *config, bool *packs_given, tskl_error *err);
#endif
