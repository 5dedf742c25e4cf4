// left_out: what was found and is not read, since others may write it, and the one command that
// mends all of it.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CONFIG_LEFT_OUT_H
#define TSKL_CONFIG_LEFT_OUT_H
#include "config/config.h"

/** All that is at fault, while it is gathered. Zeroed, it is empty. */
typedef struct tskl_faults tskl_faults;

/** Makes an empty one in the configuration's arena; NULL: no memory. */
tskl_faults *tskl_faults_new(tskl_config *config);
/** Notes that `title` is left out, for what is wrong with `path`, its parents and, where it is a
 *  Pack's folder, its files. NOMEM. */
tskl_status tskl_faults_add(tskl_faults *faults, tskl_slice title, const char *path,
                            tskl_error *err);
/** Leaves out each enabled Pack on disk that is not trusted. NOMEM. */
tskl_status tskl_faults_add_packs(tskl_faults *faults, tskl_error *err);
/** Fills `config->left_out`. NOMEM. */
tskl_status tskl_faults_finish(tskl_faults *faults, tskl_error *err);
/** The text as a shell takes it for one word, in `arena`; NULL: no memory. */
const char *tskl_shell_word(const char *text, tskl_arena *arena);
#endif
