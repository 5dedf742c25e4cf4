// SPDX-License-Identifier: Apache-2.0
#include "command.h"
#include "inspect/inspection.h"
#include "named_pack.h"
#include "say.h"
#include "settings.h"

enum { JSON };

static bool is_plugin(const char *operand) {
    return tskl_slice_ends(tskl_slice_of(operand), TSKL_S(".wasm"));
}

// 3 also where it was read but cannot run: what it imports nobody gives it, or it cannot be
// compiled.
static int show(const tskl_args *args, const tskl_inspection *inspection) {
    if (!args->values[JSON])
        tskl_inspection_show(inspection, stdout, tskl_stream_takes_colour(stdout));
    else if (!tskl_inspection_write_json(inspection, stdout))
        tskl_complain("no room for the answer");
    return inspection->unoffered || inspection->uncompilable ? TSKL_EXIT_BAD : TSKL_EXIT_DONE;
}

static int inspect(const tskl_args *args, const tskl_config *config) {
    const char *operand = args->operands[0];
    tskl_inspection inspection = {0};
    tskl_config_pack entry;
    tskl_error err;
    tskl_status status;
    if (is_plugin(operand))
        status = tskl_inspect_file(operand, &inspection, &err);
    else if (tskl_named_pack_find(operand, config, &entry))
        status = tskl_inspect_pack(&entry, config, &inspection, &err);
    else
        return TSKL_EXIT_BAD;
    int code = status == TSKL_OK ? show(args, &inspection) : tskl_fail_with(&err);
    tskl_inspection_close(&inspection);
    return code;
}

static int run(const tskl_args *args) {
    tskl_config *config;
    if (args->operand_count != 1) {
        tskl_complain("pack inspect takes one PACK, here are %d", args->operand_count);
        return TSKL_EXIT_USAGE;
    }
    int code = tskl_settings_open(args, "stderr", &config);
    if (code != TSKL_EXIT_DONE) return code;
    code = inspect(args, config);
    tskl_config_free(config);
    return tskl_finish_output(code);
}

static const tskl_option options[] = {
    [JSON] = {"json", NULL, "one JSON object, for programs"},
    TSKL_OPTIONS_OF_PACKS,
};

const tskl_command tskl_command_pack_inspect = {
    .name = "pack inspect",
    .summary = "shows what a Pack is, asks for and is given",
    .operands = "PACK",
    .about =
        "Shows a Pack before it runs: its hooks and hosts, what it asks for and what of that the\n"
        "configuration in force gives it, its limits and settings, the size and digest of its\n"
        "files, whether it is compiled, and what its code exports and imports. PACK is the\n"
        "name of a Pack, a folder, a pack.tgz, or the .wasm file of any plugin.\n",
    .examples = "  taskless pack inspect stripe\n"
                "      a Pack of the configuration, or one that comes with taskless\n"
                "  taskless pack inspect ./plugin.wasm --json | jq .imports\n"
                "      somebody else's plugin, for a program\n",
    .next = "  taskless pack call FILE.wasm EXPORT     calls one of the exports\n"
            "  taskless pack check DIR                 runs the Pack's cases\n"
            "\n"
            "Exit code: 3 the Pack is bad, cannot be compiled, or imports what no Pack is given.\n",
    .options = options,
    .option_count = TSKL_COUNT(options),
    .run = run,
};
