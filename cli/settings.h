// settings: options of the command line, told to the library by the variables it reads anyway, so
// that a program under `taskless run` and the program itself are told in one way.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_SETTINGS_H
#define TSKL_CLI_SETTINGS_H
#include "command.h"
#include "config/config.h"

/** Puts the options into TASKLESS_* and reads the configuration; TASKLESS_DISABLED is for
 *  applications and does not hold here. First of all: whatever asks tskl_env_get before fixes what
 *  the variables are taken for. Says what has to be said of the configuration, and pins it.
 *  `default_output` is where records go when nobody says. Free `*out` with tskl_config_free. What
 *  fails is complained of, and the exit code returned; else DONE. */
int tskl_settings_open(const tskl_args *args, const char *default_output, tskl_config **out);
/** The same for `run`, whose program is to run whatever is wrong with the configuration: that is
 *  complained of, and `*out` is NULL. False: the command line itself cannot be obeyed. */
bool tskl_settings_obey(const tskl_args *args, tskl_config **out);
/** The same without complaining, saying and pinning: INVALID of an option, else as
 *  tskl_config_load. */
tskl_status tskl_settings_load(const tskl_args *args, const char *default_output, tskl_config **out,
                               tskl_error *err);
/** Says in one line which hosts and secrets this command gives no Pack, if there are any. For
 * commands that run Packs over what did not just happen here. */
void tskl_settings_say_withheld(const tskl_config *config);
/** Makes the paths in TASKLESS_* whole, and puts into TASKLESS_FOUND and TASKLESS_DIRECTORY where
 *  the configuration and the Packs were found: a program that is run may change its folder. IO,
 *  NOMEM. */
tskl_status tskl_settings_pin(const tskl_config *config, tskl_error *err);
#endif
