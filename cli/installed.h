// installed: where the parts of taskless lie, found from where this program lies: in the tree it
// was built in or where it was installed, never by PATH.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_INSTALLED_H
#define TSKL_CLI_INSTALLED_H
#include <limits.h>
#include <stdbool.h>

/** The path of a part, such as "lib/taskless/node/register.js". False: it is not there. */
bool tskl_installed_part(const char *part, char path[PATH_MAX]);
/** The folder of the Packs that come with taskless. False: there is none. */
bool tskl_installed_packs(char path[PATH_MAX]);
#endif
