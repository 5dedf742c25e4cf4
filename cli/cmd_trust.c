// trust: shows what a configuration that was found asks for beyond what needs no consent, and keeps
// its user's consent to just that.
// SPDX-License-Identifier: Apache-2.0
#include "base/env.h"
#include "base/utf8.h"
#include "command.h"
#include "config/consent.h"
#include "config/file.h"
#include "config/remarks.h"
#include "say.h"
#include "settings.h"
#include "store/code_folders.h"
#include "store/trust.h"
#include "store/write.h"
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { YES, LIST, REVOKE };

enum { SHOWN_MAX = 64 * 1024 };

static const char no_folder[] =
    "there is no folder to keep consent in: set HOME or XDG_STATE_HOME, "
    "or name the file: TASKLESS_CONFIG=PATH";

// All of it comes from a file that is not trusted yet: it must not hide a line of itself.
static void print_shown(const char *before, tskl_slice text, const char *behind) {
    tskl_buf shown;
    tskl_buf_init(&shown, SHOWN_MAX);
    tskl_utf8_add_shown(&shown, text);
    printf("%s" TSKL_FMT "%s\n", before, TSKL_ARG(tskl_buf_slice(&shown)), behind);
    tskl_buf_deinit(&shown);
}

static void show_ask(const tskl_config_ask *ask) {
    static const char *const before[] = {
        [TSKL_ASK_HOSTS] = "may call ",         [TSKL_ASK_ENVIRONMENT] = "is given the variable ",
        [TSKL_ASK_OUTPUT] = "  records go to ", [TSKL_ASK_FETCH] = "is fetched from ",
        [TSKL_ASK_LOG] = "  the log goes to ",
    };
    char line[256];
    if (ask->pack.len) // a name of its own letters: the file's reader has seen to that
        snprintf(line, sizeof line, "  Pack " TSKL_FMT " %s", TSKL_ARG(ask->pack),
                 before[ask->kind]);
    else
        snprintf(line, sizeof line, "%s", before[ask->kind]);
    print_shown(line, ask->what, ask->given ? "  (agreed)" : "");
}

static void show_asks(const tskl_config *config, tskl_slice path) {
    print_shown("", path, " asks for:");
    for (size_t i = 0; i < config->ask_count; i++) show_ask(&config->asks[i]);
}

// Anything but a word that begins with y is no.
static bool ask_person(void) {
    char answer[16] = "";
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        tskl_complain("nothing was agreed to: --yes agrees where nobody can be asked");
        return false;
    }
    printf("Agree to all of this, until one of these files changes? [y/N] ");
    fflush(stdout);
    return fgets(answer, sizeof answer, stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}

static tskl_status write_consent(const char *folder, const tskl_consent *consent, tskl_error *err) {
    tskl_descriptor opened;
    tskl_buf text;
    TSKL_TRY(tskl_code_folder_make(folder, err));
    TSKL_TRY(tskl_code_folder_open(folder, &opened, err));
    tskl_buf_init(&text, TSKL_CONSENT_MAX);
    tskl_slice part = {NULL, 0};
    if (tskl_consent_write(consent, &text)) part = tskl_buf_slice(&text);
    tskl_sha256 name = tskl_consent_name(consent->path);
    tskl_status status = TSKL_OK;
    if (!part.len)
        status = tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (writing consent)");
    else if (fchmod(opened.fd, 0700) != 0) // as readable as the folder is the file
        status = tskl_fail(err, TSKL_ERR_IO, "%s", strerror(errno));
    else
        status = tskl_store_write(&opened, name.hex, &part, 1, err);
    tskl_buf_deinit(&text);
    tskl_descriptor_close(&opened);
    return status ? tskl_context(err, status, "%s", folder) : TSKL_OK;
}

static int agree(const tskl_args *args, tskl_config *config) {
    tskl_consent consent;
    tskl_error err;
    const char *folder = tskl_consent_folder(&config->arena);
    if (!folder) {
        tskl_complain("%s", no_folder);
        return TSKL_EXIT_MACHINE;
    }
    // What is shown is what is kept: the files are not read again after the answer.
    if (tskl_consent_make(config, &consent, &err) != TSKL_OK) return tskl_fail_with(&err);
    show_asks(config, consent.path);
    if (config->waiting == 0) {
        puts("You have agreed to this.");
        return TSKL_EXIT_DONE;
    }
    if (!args->values[YES] && !ask_person()) return TSKL_EXIT_NO;
    if (write_consent(folder, &consent, &err) == TSKL_OK) {
        puts("Agreed. `taskless trust --revoke` takes it back.");
        return TSKL_EXIT_DONE;
    }
    int code = tskl_fail_with(&err);
    tskl_complain("consent could not be kept; TASKLESS_CONFIG=PATH, naming the file, works "
                  "without");
    return code;
}

// A file that others may write is not read, nor can it be agreed to: first that has to be mended.
static bool say_left_out(const tskl_config *config) {
    const char *lines[TSKL_REMARKS_MAX];
    tskl_arena arena = {0};
    size_t count = config->left_out.titles.count ? tskl_remarks(config, &arena, lines) : 0;
    if (count) tskl_complain("%s", lines[0]);
    tskl_arena_reset(&arena);
    return count > 0;
}

static int look_at(const tskl_args *args, tskl_config *config) {
    if (!config->path) {
        if (!say_left_out(config))
            tskl_complain("there is no configuration here: nothing to agree to");
        return TSKL_EXIT_BAD;
    }
    if (config->source == TSKL_SOURCE_OWN) {
        print_shown("", tskl_slice_of(config->path), " is your own word: it needs no consent.");
        return TSKL_EXIT_DONE;
    }
    if (config->ask_count == 0) {
        print_shown("", tskl_slice_of(config->path), " asks for nothing that needs consent.");
        return TSKL_EXIT_DONE;
    }
    return agree(args, config);
}

// A file that is gone keeps its path: consent to it can still be taken back.
static bool whole_path(const char *path, char real[PATH_MAX]) {
    if (realpath(path, real)) return true;
    return path[0] == '/' && tskl_slice_to_cstr(tskl_slice_of(path), real, PATH_MAX);
}

static int take_back(const char *path, tskl_arena *arena) {
    char real[PATH_MAX];
    const char *folder = tskl_consent_folder(arena);
    if (!path || !whole_path(path, real)) {
        tskl_complain("%s: name the file whose consent is to go, as --list shows it",
                      path ? path : "there is no configuration here");
        return TSKL_EXIT_BAD;
    }
    tskl_sha256 name = tskl_consent_name(tskl_slice_of(real));
    const char *file = folder ? tskl_arena_printf(arena, "%s/%s", folder, name.hex) : NULL;
    if (file && unlink(file) == 0) {
        print_shown("", tskl_slice_of(real), ": consent is taken back.");
        return TSKL_EXIT_DONE;
    }
    if (file && errno != ENOENT && errno != ENOTDIR) {
        tskl_complain("%s: %s", file, strerror(errno));
        return TSKL_EXIT_MACHINE;
    }
    tskl_complain("%s: there is no consent for it; `taskless trust --list` shows what has it",
                  real);
    return TSKL_EXIT_NO;
}

static void list_one(const char *folder, const char *name, tskl_arena *arena) {
    tskl_consent consent;
    tskl_slice text, now;
    bool foreign;
    tskl_error err;
    const char *file = tskl_arena_printf(arena, "%s/%s", folder, name);
    tskl_status status =
        file ? tskl_trust_read(file, TSKL_CONSENT_MAX, arena, &text, &err) : TSKL_ERR_NOMEM;
    if (status == TSKL_OK) status = tskl_consent_parse(text, arena, &consent, &err);
    if (status != TSKL_OK) {
        tskl_complain("%s is passed over: %s", name, err.message);
        return;
    }
    const char *path = tskl_arena_cstr(arena, consent.path);
    bool there = path && tskl_trust_read_foreign(path, TSKL_FILE_MAX, arena, &now, &foreign,
                                                 NULL) == TSKL_OK;
    tskl_sha256 digest = tskl_sha256_of(there ? now : (tskl_slice){NULL, 0});
    bool same = there && tskl_sha256_equal(&digest, &consent.file);
    print_shown("", consent.path, same ? "" : there ? "  (has changed since)" : "  (is gone)");
}

static int list_all(void) {
    tskl_arena arena = {0};
    const char *folder = tskl_consent_folder(&arena);
    DIR *directory = folder ? opendir(folder) : NULL;
    const struct dirent *entry;
    while (directory && (entry = readdir(directory)))
        if (entry->d_name[0] != '.') list_one(folder, entry->d_name, &arena);
    if (directory) closedir(directory);
    tskl_arena_reset(&arena);
    return TSKL_EXIT_DONE;
}

// A file that is named here is looked at as it would be found: from its own folder.
static bool enter_folder_of(const char *file, char real[PATH_MAX]) {
    char folder[PATH_MAX];
    unsetenv("TASKLESS_CONFIG");
    unsetenv("TASKLESS_FOUND");
    bool there = realpath(file, real) != NULL;
    if (there) {
        memcpy(folder, real, sizeof folder);
        char *slash = strrchr(folder, '/');
        slash[slash == folder] = 0;
        there = chdir(folder) == 0;
    }
    if (!there) tskl_complain("%s: %s", file, strerror(errno));
    return there;
}

static bool is_found_there(const tskl_config *config, const char *wanted) {
    char real[PATH_MAX];
    if (config->path && realpath(config->path, real) && strcmp(real, wanted) == 0) return true;
    tskl_complain("%s is not what is found in its folder: --config names it, and is your own word",
                  wanted);
    return false;
}

static int look_and_agree(const tskl_args *args, const char *named) {
    char wanted[PATH_MAX];
    tskl_config *config;
    tskl_error err;
    if (named && !enter_folder_of(named, wanted)) return TSKL_EXIT_BAD;
    if (tskl_settings_load(args, "stderr", &config, &err) != TSKL_OK) return tskl_fail_with(&err);
    bool right = !named || is_found_there(config, wanted);
    int code = right ? look_at(args, config) : TSKL_EXIT_BAD;
    tskl_config_free(config);
    return code;
}

// What is wrong with a file does not keep its consent from being taken back.
static int find_and_take_back(const tskl_args *args, const char *named) {
    tskl_config *config = NULL;
    tskl_arena arena = {0};
    if (!named) (void)tskl_settings_load(args, "stderr", &config, NULL);
    int code = take_back(named ? named : config ? config->path : NULL, &arena);
    tskl_arena_reset(&arena);
    tskl_config_free(config);
    return code;
}

static int run(const tskl_args *args) {
    const char *named = args->operands[0];
    int code;
    if (args->operand_count > 1) {
        tskl_complain("trust takes one FILE, here are %d", args->operand_count);
        return TSKL_EXIT_USAGE;
    }
    if (args->values[LIST])
        code = list_all();
    else if (args->values[REVOKE])
        code = find_and_take_back(args, named);
    else
        code = look_and_agree(args, named);
    return tskl_finish_output(code);
}

static const tskl_option options[] = {
    [YES] = {"yes", NULL, "agree without being asked"},
    [LIST] = {"list", NULL, "the configurations that have consent"},
    [REVOKE] = {"revoke", NULL, "take consent back"},
    {"packs", "DIR", "the folder of Packs, in place of .taskless"},
};

const tskl_command tskl_command_trust = {
    .name = "trust",
    .summary = "agrees to what a configuration that lies here asks for",
    .operands = "[FILE]",
    .about =
        "A taskless.yaml that was found in the working folder, or above it in the same\n"
        "repository, is not your word: somebody else may have written it. All that stays here\n"
        "works at once. Calls of Packs, secrets for them, Packs to be fetched and records that\n"
        "go to other places wait. This command shows what waits and asks; --yes does not ask.\n"
        "Consent holds for this file, and for the content of the Packs and of TASKLESS_ENV's\n"
        "file that something is given to or comes from: when one of them changes it is asked\n"
        "for again. It is kept in $XDG_STATE_HOME/taskless, else ~/.local/state/taskless.\n"
        "\n"
        "A file that you name needs none: --config FILE, or TASKLESS_CONFIG=FILE in images, CI\n"
        "and services. explain, replay and pack check give Packs no hosts and no secrets, whatever\n"
        "was agreed; only the file that --config names to explain is obeyed.\n",
    .examples = "  taskless trust\n"
                "      shows what taskless.yaml here asks for, and asks you\n"
                "  taskless trust --list\n"
                "      what you have agreed to\n"
                "  taskless trust --revoke ../other/taskless.yaml\n"
                "      takes it back\n",
    .next = "  taskless doctor     says what waits\n"
            "\n"
            "Exit code: 1 nothing was agreed to, or there was nothing to take back, 3 there is no\n"
            "configuration.\n",
    .options = options,
    .option_count = TSKL_COUNT(options),
    .run = run,
};
