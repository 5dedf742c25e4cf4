// foreign: imports that are meant for another host, and what was built for whom.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_SANDBOX_FOREIGN_H
#define TSKL_SANDBOX_FOREIGN_H
#include "base/slice.h"

/** What a module that imports this was made for, and what to do: "it was made with an Extism kit
 *  before 1.0: build it again with one of 1.0 or later". NULL where that is not known. Static. */
const char *tskl_foreign_import(tskl_slice module, tskl_slice name);
#endif
