// SPDX-License-Identifier: Apache-2.0
#include "base/env.h"
#include "base/handover.h"
#include "base/status.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

static tskl_env env;
static pthread_once_t once = PTHREAD_ONCE_INIT;

// As it was before the program ran, where that is known: some clear all of it before their first
// call.
static const char *first_value(const char *name) {
    const char *value = env.secure ? NULL : tskl_handover_variable(name);
    return value ? value : secure_getenv(name);
}

// The copies live as long as the process, on purpose: other threads may read them at its end.
static const char *copy(const char *name) {
    const char *value = first_value(name);
    return value && *value ? strdup(value) : NULL;
}

static void read_all(void) {
    const struct {
        const char **into, *name;
    } rows[] = {
        {&env.config, "TASKLESS_CONFIG"},
        {&env.directory, "TASKLESS_DIRECTORY"},
        {&env.cache, "TASKLESS_CACHE"},
        {&env.output, "TASKLESS_OUTPUT"},
        {&env.format, "TASKLESS_FORMAT"},
        {&env.log_level, "TASKLESS_LOG_LEVEL"},
        {&env.env, "TASKLESS_ENV"},
        {&env.found, "TASKLESS_FOUND"},
        {&env.consent, "TASKLESS_CONSENT"},
        {&env.home, "HOME"},
        {&env.xdg_cache_home, "XDG_CACHE_HOME"},
        {&env.xdg_config_home, "XDG_CONFIG_HOME"},
        {&env.xdg_state_home, "XDG_STATE_HOME"},
        {&env.ssl_cert_file, "SSL_CERT_FILE"},
        {&env.ssl_cert_dir, "SSL_CERT_DIR"},
        {&env.no_color, "NO_COLOR"},
        {&env.term, "TERM"},
        {&env.columns, "COLUMNS"},
    };
    env.secure = getauxval(AT_SECURE) != 0;
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) *rows[i].into = copy(rows[i].name);
    const char *disabled = secure_getenv("TASKLESS_DISABLED");
    env.disabled = disabled && *disabled && strcmp(disabled, "0") != 0;
}

#ifdef TSKL_TESTING
const tskl_env *tskl_env_replaced;
#endif

const tskl_env *tskl_env_get(void) {
#ifdef TSKL_TESTING
    if (tskl_env_replaced) return tskl_env_replaced;
#endif
    pthread_once(&once, read_all);
    return &env;
}

const char *tskl_env_lookup(const char *name) {
    const char *value = secure_getenv(name);
    return value || getauxval(AT_SECURE) ? value : tskl_handover_variable(name);
}
