// SPDX-License-Identifier: Apache-2.0
#include "command.h"
#include "input.h"
#include "limited_compiler.h"
#include "named_pack.h"
#include "prepare.h"
#include "say.h"
#include "settings.h"
#include "store/code_folders.h"
#include "store/package.h"
#include <errno.h>

enum { CACHE, SYSTEM, CPU, STDIN, STDOUT, QUIET };

/** One run of the command. */
typedef struct job {
    const tskl_args *args;
    tskl_prepare_options options;
} job;

// Prints one line a Pack, unless --quiet.
static int compile_one(const job *j, const tskl_config_pack *entry, const tskl_config *config) {
    tskl_prepared how;
    tskl_error err = {0};
    tskl_slice name = tskl_pack_label(entry);
    tskl_status status = tskl_prepare_pack(entry, config, &j->options, &how, &err);
    if (status != TSKL_OK) {
        tskl_complain(TSKL_FMT ": %s", TSKL_ARG(name), err.message);
        return tskl_exit_of(status);
    }
    if (!j->args->values[QUIET])
        printf(TSKL_FMT ": %s\n", TSKL_ARG(name),
               how == TSKL_PREPARED_NOW ? "compiled" : "was compiled before");
    return TSKL_EXIT_DONE;
}

static int compile_named(const job *j, const char *operand, const tskl_config *config) {
    tskl_config_pack entry;
    if (!tskl_named_pack_find(operand, config, &entry)) return TSKL_EXIT_BAD;
    return compile_one(j, &entry, config);
}

static int compile_packs(const job *j, const tskl_config *config) {
    int worst = TSKL_EXIT_DONE;
    for (int i = 0; i < j->args->operand_count; i++) {
        int code = compile_named(j, j->args->operands[i], config);
        if (code > worst) worst = code;
    }
    for (size_t i = 0; j->args->operand_count == 0 && i < config->pack_count; i++) {
        int code = config->packs[i].enabled ? compile_one(j, &config->packs[i], config) : 0;
        if (code > worst) worst = code;
    }
    return worst;
}

static tskl_status write_code(tskl_slice wasm, bool portable, tskl_error *err) {
    tskl_buf code;
    tskl_buf_init(&code, TSKL_PREPARED_CODE_MAX);
    tskl_status status = tskl_limited_compile(wasm, portable, &code, err);
    if (status == TSKL_OK && fwrite(code.ptr, 1, code.len, stdout) != code.len)
        status = tskl_fail(err, TSKL_ERR_IO, "standard output: %s", strerror(errno));
    tskl_buf_deinit(&code);
    return status;
}

// For the library's helper and for limited_compiler.c, which give it no environment: no
// configuration is read.
static int compile_stdin(const job *j) {
    tskl_arena arena = {0};
    tskl_slice wasm;
    tskl_error err;
    tskl_prepared how;
    bool keep = !j->args->values[STDOUT];
    tskl_status status = tskl_input_stdin(TSKL_PACKAGE_WASM_MAX, &arena, &wasm, &err);
    if (status == TSKL_OK)
        status = keep ? tskl_prepare_wasm(wasm, &j->options, &how, &err)
                      : write_code(wasm, j->options.portable, &err);
    tskl_arena_reset(&arena);
    if (status != TSKL_OK) return tskl_fail_with(&err);
    if (keep && !j->args->values[QUIET]) puts("compiled");
    return tskl_finish_output(TSKL_EXIT_DONE);
}

// An image is run on processors that nobody knows when it is made: so --system compiles for any.
static bool read_options(const tskl_args *args, tskl_prepare_options *options) {
    const char *cpu = args->values[CPU];
    bool system = args->values[SYSTEM] != NULL;
    *options = (tskl_prepare_options){args->values[CACHE], system};
    if (system && args->values[CACHE])
        tskl_complain("--system and --cache both name a folder: one of them is enough");
    else if (cpu && strcmp(cpu, "host") != 0 && strcmp(cpu, "baseline") != 0)
        tskl_complain("--cpu %s is none of host, baseline", cpu);
    else {
        if (system) options->folder = TSKL_CODE_SYSTEM_FOLDER;
        if (cpu) options->portable = strcmp(cpu, "baseline") == 0;
        return true;
    }
    return false;
}

static int run(const tskl_args *args) {
    tskl_config *config;
    job j = {.args = args};
    if (!read_options(args, &j.options)) return TSKL_EXIT_USAGE;
    if (args->values[STDIN]) {
        if (args->operand_count == 0) return compile_stdin(&j);
        tskl_complain("--stdin takes no Packs beside it");
        return TSKL_EXIT_USAGE;
    }
    if (args->values[STDOUT]) {
        tskl_complain("--stdout goes with --stdin: taskless compile --stdin --stdout <pack.wasm");
        return TSKL_EXIT_USAGE;
    }
    int code = tskl_settings_open(args, "stderr", &config);
    if (code != TSKL_EXIT_DONE) return code;
    code = compile_packs(&j, config);
    if (config->pack_count + (size_t)args->operand_count == 0)
        tskl_complain("there are no Packs to compile");
    tskl_config_free(config);
    return tskl_finish_output(code);
}

static const tskl_option options[] = {
    [CACHE] = {"cache", "DIR", "the folder for compiled code, in place of the user's"},
    [SYSTEM] = {"system", NULL, "into /var/cache/taskless, for every user of the machine or image"},
    [CPU] = {"cpu", "NAME", "host (usual), or baseline: any of its kind (usual with --system)"},
    [STDIN] = {"stdin", NULL, "compile the Wasm on standard input"},
    [STDOUT] = {"stdout", NULL, "with --stdin: the native code to standard output, into no folder"},
    [QUIET] = {"quiet", NULL, "say nothing but what went wrong"},
    TSKL_OPTIONS_OF_PACKS,
    TSKL_OPTION_NO_LIMIT,
};

const tskl_command tskl_command_compile = {
    .name = "compile",
    .summary = "compiles Packs ahead of time",
    .operands = "[PACK...]",
    .about =
        "Compiles Packs into the cache, so that no program waits for them. A PACK is the name of\n"
        "a configured Pack, a folder or a pack.tgz; without any, all that are configured.\n"
        "Packs from a URL are fetched first. Nothing is done twice. `taskless run` does this by\n"
        "itself; images and machines where the library is loaded by hand do it once, when they are\n"
        "built.\n",
    .examples = "  taskless compile\n"
                "      all Packs of taskless.yaml or .taskless/\n"
                "  taskless compile --system\n"
                "      when an image is built: for every user of it, on any processor\n"
                "  taskless compile ./packs/stripe --cache ./cache\n"
                "      one Pack, into a folder of yours (see TASKLESS_CACHE)\n",
    .options = options,
    .option_count = TSKL_COUNT(options),
    .run = run,
};
