// SPDX-License-Identifier: Apache-2.0
#include "command.h"
#include "kit/build.h"
#include "say.h"

enum { OUT, WORK, LANG, WITH, NO_OPTIMIZE, VERBOSE };

// What a second choice of toolchain made is mostly larger by that alone.
static void say_large(const tskl_built *built) {
    const tskl_kit_way *best = NULL;
    for (size_t i = 0; i < built->kit->way_count && !best; i++)
        if (tskl_slice_equal(built->kit->ways[i].module, built->way->module))
            best = &built->kit->ways[i];
    if (best && best != built->way)
        tskl_complain("that is more than it should: it was built with " TSKL_FMT
                      "; `taskless pack build --with " TSKL_FMT "` says what is missing for less",
                      TSKL_ARG(built->way->name), TSKL_ARG(best->name));
    else
        tskl_complain("that is more than it should: look for what it does not need");
}

static void say_size(const tskl_built *built) {
    char bytes[32];
    size_t budget = (size_t)built->budget_kib * 1024;
    printf("pack.wasm: %s bytes, %zu %% of the %u KiB a Pack in " TSKL_FMT " may have\n",
           tskl_with_commas(built->bytes, bytes), built->bytes * 100 / budget, built->budget_kib,
           TSKL_ARG(built->kit->title));
    fflush(stdout);
    if (built->bytes > budget) say_large(built);
}

static int build(const tskl_build_options *options) {
    tskl_kits kits;
    tskl_built built;
    tskl_error err;
    tskl_status status = tskl_kits_read(NULL, &kits, &err);
    if (status == TSKL_OK) status = tskl_build(&kits, options, &built, &err);
    int code = tskl_exit_of(status);
    if (status == TSKL_OK)
        say_size(&built);
    else if (err.message[0]) // else it has been said
        tskl_complain("%s", err.message);
    tskl_kits_deinit(&kits);
    return tskl_finish_output(code);
}

static int run(const tskl_args *args) {
    if (args->operand_count > 1) {
        tskl_complain("pack build takes one project, here are %d", args->operand_count);
        return TSKL_EXIT_USAGE;
    }
    const tskl_build_options options = {
        .project = args->operand_count ? args->operands[0] : ".",
        .out = args->values[OUT],
        .work = args->values[WORK],
        .language = args->values[LANG],
        .way = args->values[WITH],
        .unoptimized = args->values[NO_OPTIMIZE] != NULL,
        .verbose = args->values[VERBOSE] != NULL,
    };
    return build(&options);
}

static const tskl_option options[] = {
    [OUT] = {"out", "FILE", "where the Pack goes, in place of pack.wasm beside manifest.json"},
    [WORK] = {"work", "DIR", "for what lies between, in place of build in the project"},
    [LANG] = {"lang", "LANGUAGE", "the language, where a project's files do not tell"},
    [WITH] = {"with", "NAME", "build with this toolchain, where a language has several"},
    [NO_OPTIMIZE] = {"no-optimize", NULL, "leave what the compiler made as it is"},
    [VERBOSE] = {"verbose", NULL, "show each command"},
    TSKL_OPTION_NO_LIMIT,
};

const tskl_command tskl_command_pack_build = {
    .name = "pack build",
    .summary = "builds a Pack from its source",
    .operands = "[PROJECT]",
    .about =
        "Builds the project in the folder PROJECT (or this one) into pack.wasm, beside its\n"
        "manifest.json. Which language it is, its files tell; what is needed to build and is not\n"
        "here is named, with what to type to install it. Then wasm-opt makes it smaller, where\n"
        "there is one, and it is checked as it would be for use: a Pack that was there before is\n"
        "replaced only by one that can run. Its size is shown beside what its language should\n"
        "need.\n",
    .examples = "  taskless pack build\n"
                "      the project in this folder\n"
                "  taskless pack build acme --verbose\n"
                "      another one, with each command that is run\n"
                "  taskless pack build --out ~/.taskless/acme/pack.wasm\n"
                "      the Pack goes elsewhere\n",
    .next = "  taskless pack check     runs its cases\n"
            "\n"
            "Exit code: 3 it could not be built: a tool is missing, or the source is wrong.\n",
    .options = options,
    .option_count = TSKL_COUNT(options),
    .run = run,
};
