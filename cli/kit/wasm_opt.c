// SPDX-License-Identifier: Apache-2.0
#include "kit/wasm_opt.h"
#include "doctor/probe.h"
#include "kit/kit_steps.h"
#include "kit/kit_tools.h"
#include "say.h"
#include <stdio.h>
#include <unistd.h>

extern char **environ;

// Older ones do not know all of the features below.
#define OLDEST "120"

enum { ASK_MS = 30 * 1000 };

// Features one by one: with all of them it writes what not every host reads.
static const char *const flags[] = {"-Oz",
                                    "--strip-debug",
                                    "--strip-producers",
                                    "--strip-target-features",
                                    "--enable-bulk-memory",
                                    "--enable-bulk-memory-opt",
                                    "--enable-sign-ext",
                                    "--enable-mutable-globals",
                                    "--enable-nontrapping-float-to-int",
                                    "--enable-multivalue",
                                    "--enable-reference-types",
                                    "--enable-call-indirect-overlong"};

// Its version, as it answers; empty when it does not run.
static tskl_slice ask(const char *path, tskl_arena *arena) {
    char *argv[] = {(char *)path, "--version", NULL};
    tskl_probe probe;
    tskl_slice version = {NULL, 0};
    if (tskl_probe_run(argv, environ, ASK_MS, &probe) && probe.exit_code == 0)
        (void)tskl_arena_copy(arena, tskl_kit_version_of(tskl_buf_slice(&probe.output)), &version);
    tskl_buf_deinit(&probe.output);
    return version;
}

const char *tskl_wasm_opt_find(const char *project, tskl_arena *arena, const char **why) {
    const char *own = tskl_arena_printf(arena, "%s/node_modules/.bin/wasm-opt", project);
    const char *found[] = {own && access(own, X_OK) == 0 ? own : NULL,
                           tskl_probe_find("wasm-opt", arena)};
    *why = "there is no wasm-opt here";
    for (size_t i = 0; i < TSKL_COUNT(found); i++) {
        if (!found[i]) continue;
        tskl_slice version = ask(found[i], arena);
        if (tskl_kit_version_is_enough(version, TSKL_S(OLDEST))) return found[i];
        *why = tskl_arena_printf(arena, "%s is version " TSKL_FMT, found[i],
                                 TSKL_ARG(version.len ? version : TSKL_S("unknown")));
    }
    *why = tskl_arena_printf(arena,
                             "%s; binaryen " OLDEST " or newer (npm install binaryen) makes Packs "
                             "smaller",
                             *why ? *why : "");
    return NULL;
}

tskl_status tskl_wasm_opt_run(const char *program, const char *path, bool verbose,
                              tskl_arena *arena, tskl_error *err) {
    char *argv[TSKL_COUNT(flags) + 5] = {(char *)program};
    size_t count = 1;
    int code;
    char *made = tskl_arena_printf(arena, "%s.opt", path);
    if (!made) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a path");
    for (size_t i = 0; i < TSKL_COUNT(flags); i++) argv[count++] = (char *)flags[i];
    argv[count++] = (char *)path;
    argv[count++] = (char *)"-o";
    argv[count++] = made;
    if (verbose)
        tskl_show_command(argv);
    else
        tskl_remark("optimising with wasm-opt");
    TSKL_TRY(tskl_run_program(argv, NULL, environ, &code, err));
    if (code) {
        unlink(made);
        return tskl_fail(err, TSKL_ERR_INVALID,
                         "wasm-opt failed (exit %d); --no-optimize goes without", code);
    }
    return rename(made, path) ? tskl_fail(err, TSKL_ERR_IO, "%s cannot be written", path) : TSKL_OK;
}
