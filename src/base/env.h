// env: the variables taskless reads, all of them, in one place, once.
// SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_BASE_ENV_H
#define TSKL_BASE_ENV_H
#include <stdbool.h>

/** Each is NULL when unset or empty. Copies: later changes of the environment do not reach them. */
typedef struct tskl_env {
    bool secure;   // a setuid or capable program: nothing was read, the library is inert
    bool disabled; // TASKLESS_DISABLED is set and not "0"
    const char *config, *directory, *cache, *output, *format, *log_level, *env;
    const char *found;   // by `taskless run`: the configuration that lay there, "-" for none
    const char *consent; // "never": a configuration that was found is given nothing
    const char *home, *xdg_cache_home, *xdg_config_home, *xdg_state_home;
    const char *ssl_cert_file, *ssl_cert_dir, *no_color, *term, *columns;
} tskl_env;

/** Reads the environment at the first call; the same answer ever after. A variable that was handed
 *  over (base/handover.h) counts as it was before the program ran. Any thread. */
const tskl_env *tskl_env_get(void);
/** A variable that a Pack was granted, as it is now, else as it was handed over; NULL when unset,
 * and always in a secure program. Borrowed from the environment: copy it at once. */
const char *tskl_env_lookup(const char *name);

#ifdef TSKL_TESTING
/** What tskl_env_get answers in place of the environment, when not NULL. */
extern const tskl_env *tskl_env_replaced;
#endif
#endif
