// file_pre1: the configuration file of schema `pre1`: {schema, organizationId, packs[]}, each Pack
// whole, with its manifest's members.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CONFIG_FILE_PRE1_H
#define TSKL_CONFIG_FILE_PRE1_H
#include "config/config.h"

/** True when the file says that it is one. */
bool tskl_file_is_pre1(const tskl_json *tree);
/** Reads its Packs into `config`, in its arena. What is wrong inside one of them is found when it
 *  is opened, so that the others run. INVALID, NOMEM. */
tskl_status tskl_file_read_pre1(const tskl_place *root, tskl_config *config, tskl_error *err);
#endif
