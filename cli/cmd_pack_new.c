// SPDX-License-Identifier: Apache-2.0
#include "command.h"
#include "config/names.h"
#include "kit/build.h"
#include "kit/template.h"
#include "say.h"

enum { LANG, SHAPE };

static int complain_of_missing(const tskl_kits *kits) {
    tskl_arena arena = {0};
    const char *names = tskl_kits_names(kits, &arena);
    tskl_complain("pack new needs a language, --lang LANGUAGE; there are: %s", names ? names : "");
    tskl_arena_reset(&arena);
    return TSKL_EXIT_USAGE;
}

static bool check_shape(const tskl_kit *kit, const char *shape) {
    if (!shape || tskl_texts_have(&kit->shapes, tskl_slice_of(shape))) return true;
    char names[160] = "";
    size_t len = 0;
    for (size_t i = 0; i < kit->shapes.count && len < sizeof names; i++)
        len += (size_t)snprintf(names + len, sizeof names - len, "%s" TSKL_FMT,
                                i ? ", " : "; there are: ", TSKL_ARG(kit->shapes.items[i]));
    tskl_complain("a Pack in " TSKL_FMT " has no shape '%s'%s", TSKL_ARG(kit->title), shape, names);
    return false;
}

// "acme" of "packs/acme": what the Pack is called.
static tskl_slice name_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return tskl_slice_of(slash ? slash + 1 : path);
}

static void say_next(const tskl_kit *kit, const char *path) {
    printf("%s: a Pack in " TSKL_FMT ", with a case. Next:\n  cd %s\n", path, TSKL_ARG(kit->title),
           path);
    if (kit->first.len) printf("  " TSKL_FMT "\n", TSKL_ARG(kit->first));
    fputs("  taskless pack build\n  taskless pack check\n", stdout);
}

static int make(const tskl_args *args, const tskl_kits *kits) {
    const char *language = args->values[LANG], *path = args->operands[0];
    const tskl_build_options asked = {.language = language};
    const tskl_kit *kit;
    tskl_error err;
    if (!language) return complain_of_missing(kits);
    if (tskl_build_kit(kits, &asked, &kit, &err) != TSKL_OK) {
        tskl_complain("--lang: %s", err.message);
        return TSKL_EXIT_USAGE;
    }
    if (!check_shape(kit, args->values[SHAPE])) return TSKL_EXIT_USAGE;
    if (tskl_template_write(kit, tskl_slice_of(args->values[SHAPE]), name_of(path), path, &err) !=
        TSKL_OK)
        return tskl_fail_with(&err);
    say_next(kit, path);
    return TSKL_EXIT_DONE;
}

static int run(const tskl_args *args) {
    tskl_kits kits;
    tskl_error err;
    if (args->operand_count != 1) {
        tskl_complain("pack new takes one NAME: taskless pack new --lang c acme");
        return TSKL_EXIT_USAGE;
    }
    if (!tskl_name_is_pack(name_of(args->operands[0]))) {
        tskl_complain("'%s' is no name for a Pack: 1 to %d lower-case letters, digits, '-' and "
                      "'_', the first a letter or a digit",
                      args->operands[0], TSKL_NAME_MAX);
        return TSKL_EXIT_USAGE;
    }
    if (tskl_kits_read(NULL, &kits, &err) != TSKL_OK) return tskl_fail_with(&err);
    int code = make(args, &kits);
    tskl_kits_deinit(&kits);
    return tskl_finish_output(code);
}

static const tskl_option options[] = {
    [LANG] = {"lang", "LANGUAGE", "which one; without it they are named"},
    [SHAPE] = {"shape", "NAME", "another form of project, where the language has several"},
};

const tskl_command tskl_command_pack_new = {
    .name = "pack new",
    .summary = "begins a Pack in a language of your choice",
    .operands = "--lang LANGUAGE NAME",
    .about =
        "Makes the folder NAME with a whole project: source, manifest, a case that passes, and\n"
        "the kit of the language, so that editors know it and nothing else is needed but a\n"
        "compiler. NAME is what the Pack is called, in front of all that it captures; it may\n"
        "stand behind a folder. What is there already is never written over.\n",
    .examples = "  taskless pack new --lang c acme\n"
                "      a Pack in C, in the folder acme\n"
                "  taskless pack new --lang rust packs/acme\n"
                "      one in Rust, below packs\n",
    .next = "  taskless pack build     makes pack.wasm, and says what to install for it\n"
            "  taskless pack check     runs the cases; they are the place to begin\n",
    .options = options,
    .option_count = TSKL_COUNT(options),
    .run = run,
};
