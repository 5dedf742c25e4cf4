// SPDX-License-Identifier: Apache-2.0
#include "command.h"
#include "input.h"
#include "pack/pack.h"
#include "prepare.h"
#include "say.h"
#include "settings.h"
#include "store/package.h"
#include <sys/stat.h>

enum { CACHE, STDIN, QUIET };

static bool is_path(const char *operand) {
    struct stat ignored;
    return strchr(operand, '/') || (stat(operand, &ignored) == 0);
}

// Prints one line a Pack, unless --quiet.
static int compile_one(const tskl_args *args, const tskl_config_pack *entry,
                       const tskl_config *config) {
    tskl_prepared how;
    tskl_error err = {0};
    tskl_slice name = tskl_pack_label(entry);
    tskl_status status = tskl_prepare_pack(entry, config, args->values[CACHE], &how, &err);
    if (status != TSKL_OK) {
        tskl_complain(TSKL_FMT ": %s", TSKL_ARG(name), err.message);
        return tskl_exit_of(status);
    }
    if (!args->values[QUIET])
        printf(TSKL_FMT ": %s\n", TSKL_ARG(name),
               how == TSKL_PREPARED_NOW ? "compiled" : "was compiled before");
    return TSKL_EXIT_DONE;
}

static int compile_path(const tskl_args *args, const char *path, const tskl_config *config) {
    tskl_config_pack entry = {.from = tskl_slice_of(path), .body_allowed = true, .enabled = true};
    return compile_one(args, &entry, config);
}

static int compile_named(const tskl_args *args, const char *name, const tskl_config *config) {
    for (size_t i = 0; i < config->pack_count; i++)
        if (tskl_slice_equal(tskl_pack_label(&config->packs[i]), tskl_slice_of(name)))
            return compile_one(args, &config->packs[i], config);
    tskl_complain("%s: no such Pack is configured, and no such folder is here", name);
    return TSKL_EXIT_BAD;
}

static int compile_packs(const tskl_args *args, const tskl_config *config) {
    int worst = TSKL_EXIT_DONE;
    for (int i = 0; i < args->operand_count; i++) {
        const char *operand = args->operands[i];
        int code = is_path(operand) ? compile_path(args, operand, config)
                                    : compile_named(args, operand, config);
        if (code > worst) worst = code;
    }
    for (size_t i = 0; args->operand_count == 0 && i < config->pack_count; i++) {
        int code = config->packs[i].enabled ? compile_one(args, &config->packs[i], config) : 0;
        if (code > worst) worst = code;
    }
    return worst;
}

// For the library's helper, which has no environment: no configuration is read.
static int compile_stdin(const tskl_args *args) {
    tskl_arena arena = {0};
    tskl_slice wasm;
    tskl_error err;
    tskl_prepared how;
    tskl_status status = tskl_input_stdin(TSKL_PACKAGE_WASM_MAX, &arena, &wasm, &err);
    if (status == TSKL_OK) status = tskl_prepare_wasm(wasm, args->values[CACHE], &how, &err);
    tskl_arena_reset(&arena);
    if (status != TSKL_OK) return tskl_fail_with(&err);
    if (!args->values[QUIET]) puts("compiled");
    return tskl_finish_output(TSKL_EXIT_DONE);
}

static int run(const tskl_args *args) {
    tskl_config *config;
    if (args->values[STDIN]) {
        if (args->operand_count == 0) return compile_stdin(args);
        tskl_complain("--stdin takes no Packs beside it");
        return TSKL_EXIT_USAGE;
    }
    int code = tskl_settings_open(args, "stderr", &config);
    if (code != TSKL_EXIT_DONE) return code;
    code = compile_packs(args, config);
    if (config->pack_count + (size_t)args->operand_count == 0)
        tskl_complain("there are no Packs to compile");
    tskl_config_free(config);
    return tskl_finish_output(code);
}

static const tskl_option options[] = {
    [CACHE] = {"cache", "DIR", "the folder for compiled code, in place of the user's"},
    [STDIN] = {"stdin", NULL, "compile the Wasm on standard input"},
    [QUIET] = {"quiet", NULL, "say nothing but what went wrong"},
    TSKL_OPTIONS_OF_PACKS,
};

const tskl_command tskl_command_compile = {
    .name = "compile",
    .summary = "compiles Packs ahead of time",
    .operands = "[PACK...]",
    .about =
        "Compiles Packs into the cache, so that no program waits for them. A PACK is the name of\n"
        "a configured Pack, a folder or a pack.tgz; without any, all that are configured.\n"
        "Nothing is done twice. `taskless run` does this by itself; images and machines where\n"
        "the library is loaded by hand do it once, when they are built.\n",
    .examples = "  taskless compile\n"
                "      all Packs of taskless.yaml or .taskless/\n"
                "  taskless compile ./packs/stripe --cache /var/cache/taskless\n"
                "      one Pack, for every user of the machine\n",
    .options = options,
    .option_count = TSKL_COUNT(options),
    .run = run,
};
