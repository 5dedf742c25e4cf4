// named_pack: which Pack a word of the command line means.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_NAMED_PACK_H
#define TSKL_CLI_NAMED_PACK_H
#include "config/config.h"

/** The name of a configured Pack, else a folder or bundle: what the configuration says of one that
 *  lies there holds for it. `out` borrows from the operand and the configuration. False: neither,
 *  and it has been complained of. */
bool tskl_named_pack_find(const char *operand, const tskl_config *config, tskl_config_pack *out);
#endif
