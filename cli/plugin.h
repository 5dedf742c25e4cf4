// plugin: one module run by itself, as `pack call` does: compiled here, in the sandbox of Packs,
// with what the command line gives it. SPDX-License-Identifier: Apache-2.0
#ifndef TSKL_CLI_PLUGIN_H
#define TSKL_CLI_PLUGIN_H
#include "config/shape.h"
#include "pack/hostlist.h"
#include "sandbox/sandbox.h"

/** Another module, from which it imports by that name. */
typedef struct tskl_plugin_link {
    tskl_slice name, wasm;
} tskl_plugin_link;

/** What it is given. Borrowed until the plugin is closed. */
typedef struct tskl_plugin_options {
    tskl_texts configuration; // "KEY=VALUE"
    tskl_texts environment;   // "NAME=VALUE"
    const tskl_plugin_link *links;
    size_t link_count;
    tskl_hostlist hosts; // which it may call, as under `allow:`
    bool vars_allowed;   // variables are kept from call to call
    tskl_sandbox_limits limits;
} tskl_plugin_options;

typedef struct tskl_plugin tskl_plugin;

/** Compiles a module and those it is linked with, which may be forgotten afterwards. INVALID with
 *  the validator's reason or the import that no Pack is given; LIMIT, UNSUPPORTED where nothing can
 * run here; NOMEM. */
tskl_status tskl_plugin_open(tskl_slice wasm, const tskl_plugin_options *options, tskl_plugin **out,
                             tskl_error *err);
/** Runs a function that makes calls, on a thread with the stack a worker has, and waits for its
 * end. False: no thread could be started. */
bool tskl_plugin_run(void *(*run)(void *), void *arg);
/** Calls an export. Only on such a thread. Calls share one instance, as a host of Extism's has it,
 * until one of them fails or `fresh` is asked for. `*output` is borrowed until the next call; the
 * outcome's detail is in `arena`. */
tskl_outcome tskl_plugin_call(tskl_plugin *plugin, const char *export, tskl_slice input, bool fresh,
                              tskl_arena *arena, tskl_slice *output);
void tskl_plugin_close(tskl_plugin *plugin);
#endif
