// variables: those that Packs ask for, and which of them are secrets.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CONFIG_VARIABLES_H
#define TSKL_CONFIG_VARIABLES_H
#include "config/config.h"

/** The value of a variable: TASKLESS_ENV's file comes before the environment. False: unset.
 *  Borrowed from either; `config` may be NULL. */
bool tskl_variables_find(const tskl_config *config, tskl_slice name, tskl_slice *value);
/** True when name or value look like a secret, or the configuration says that it is one. */
bool tskl_variables_is_secret(const tskl_config *config, tskl_slice name, tskl_slice value);
/** Fills `config->secrets`. NOMEM. */
tskl_status tskl_variables_collect(tskl_config *config, tskl_error *err);
#endif
