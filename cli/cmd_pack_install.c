// taskless pack install: a Pack is read, checked and compiled, then put where programs find it.
// SPDX-License-Identifier: Apache-2.0
#include "base/env.h"
#include "command.h"
#include "input.h"
#include "installed.h"
#include "kit/built_pack.h"
#include "net/download.h"
#include "prepare.h"
#include "say.h"
#include "settings.h"
#include "store/folder.h"
#include "store/trust.h"
#include "store/write.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DIGEST, REPLACE, TO };
enum { TIMEOUT_MS = 60 * 1000, FILES_MAX = TSKL_PACKAGE_FILES + TSKL_PACKAGE_MODULES };

/** A file of the Pack; one without bytes is to go. */
typedef struct file {
    const char *name;
    tskl_slice bytes;
} file;

/** One run of the command. */
typedef struct job {
    const tskl_args *args;
    const char *from;
    const char *directory; // of Packs: .taskless
    bool named;            // by the user
    const char *name;      // of the Pack, and of its folder there
    tskl_arena arena;
    tskl_slice bundle; // empty: it was a folder
    tskl_package package;
    tskl_inspection inspection;
    file files[FILES_MAX];
    size_t count;
} job;

static bool is_url(const char *from) {
    return tskl_slice_search(tskl_slice_of(from), TSKL_S("://")) != SIZE_MAX;
}

static tskl_status download(job *j, tskl_error *err) {
    tskl_target target;
    tskl_buf got;
    TSKL_TRY(tskl_target_parse(tskl_slice_of(j->from), &j->arena, &target, err));
    if (!tskl_download_allowed(&target))
        return tskl_fail(err, TSKL_ERR_INVALID,
                         "%s: a Pack is fetched by https only, or by http from this machine",
                         target.label);
    tskl_buf_init(&got, TSKL_PACKAGE_BUNDLE_MAX);
    tskl_remark("fetching %s", target.label);
    tskl_status status = tskl_download(&target, TIMEOUT_MS, &got, err);
    if (status == TSKL_OK && !tskl_arena_copy(&j->arena, tskl_buf_slice(&got), &j->bundle))
        status = tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (installing a Pack)");
    tskl_buf_deinit(&got);
    return status ? tskl_context(err, status, "%s", target.label) : TSKL_OK;
}

static tskl_status check_digest(const job *j, tskl_error *err) {
    const char *given = j->args->values[DIGEST];
    tskl_sha256 wanted, got = tskl_sha256_of(j->bundle);
    if (!given) return TSKL_OK;
    if (!tskl_sha256_parse(tskl_slice_of(given), &wanted))
        return tskl_fail(err, TSKL_ERR_INVALID, "--digest: expected sha256: and 64 hex digits");
    if (!j->bundle.ptr)
        return tskl_fail(err, TSKL_ERR_INVALID, "--digest is that of a bundle; %s is a folder",
                         j->from);
    if (tskl_sha256_equal(&wanted, &got)) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_MISMATCH,
                     "%s is another bundle: it is sha256:%s, not sha256:%s; nothing was installed",
                     j->from, got.hex, wanted.hex);
}

// Before anything of it is read, it is what was asked for.
static tskl_status read_package(job *j, tskl_error *err) {
    struct stat st;
    if (is_url(j->from)) {
        TSKL_TRY(download(j, err));
    } else {
        if (stat(j->from, &st))
            return tskl_fail(err, TSKL_ERR_NOT_FOUND, "%s: %s", j->from, strerror(errno));
        if (!S_ISDIR(st.st_mode))
            TSKL_TRY(tskl_input_file(j->from, TSKL_PACKAGE_BUNDLE_MAX, &j->arena, &j->bundle, err));
    }
    TSKL_TRY(check_digest(j, err));
    if (!j->bundle.ptr) return tskl_package_read(j->from, &j->arena, &j->package, err);
    tskl_status status = tskl_package_unpack(j->bundle, &j->arena, &j->package, err);
    return status ? tskl_context(err, status, "%s", j->from) : TSKL_OK;
}

// As it would be for use, compiled too: a bad one is refused here and by name.
static tskl_status check_pack(job *j, tskl_error *err) {
    static const tskl_prepare_options usual;
    tskl_prepared how;
    tskl_status status = tskl_inspect_package(&j->package, &j->inspection, err);
    if (status == TSKL_OK)
        status = tskl_built_pack_check(&j->inspection, (tskl_slice){NULL, 0}, err);
    if (status == TSKL_OK) status = tskl_prepare_modules(j->inspection.pack, &usual, &how, err);
    return status ? tskl_context(err, status, "%s is not installed", j->from) : TSKL_OK;
}

static tskl_status list_files(job *j, tskl_error *err) {
    for (size_t i = 0; i < TSKL_PACKAGE_FILES; i++) {
        const tskl_package_file *known = &tskl_package_files[i];
        j->files[j->count++] =
            (file){known->name, *(const tskl_slice *)((const char *)&j->package + known->offset)};
    }
    for (size_t i = 0; i < j->inspection.pack->module_count; i++) {
        const tskl_pack_module *module = &j->inspection.pack->modules[i];
        const char *name = tskl_arena_printf(&j->arena, TSKL_FMT ".wasm", TSKL_ARG(module->name));
        if (!name) return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (installing a Pack)");
        j->files[j->count++] = (file){name, module->wasm};
    }
    return TSKL_OK;
}

static tskl_status write_files(const job *j, int folder, tskl_error *err) {
    tskl_descriptor to = tskl_descriptor_of(folder);
    for (size_t i = 0; i < j->count; i++) {
        if (j->files[i].bytes.ptr)
            TSKL_TRY(tskl_store_write(&to, j->files[i].name, &j->files[i].bytes, 1, err));
        else if (unlinkat(folder, j->files[i].name, 0) && errno != ENOENT)
            return tskl_fail(err, TSKL_ERR_IO, "%s: %s", j->files[i].name, strerror(errno));
    }
    return TSKL_OK;
}

static void discard(const job *j, int directory, const char *name, int folder) {
    for (size_t i = 0; i < j->count; i++) unlinkat(folder, j->files[i].name, 0);
    unlinkat(directory, name, AT_REMOVEDIR);
}

// All of it under another name first, so that no program meets half a Pack.
static tskl_status write_new(const job *j, int directory, tskl_error *err) {
    char made[64];
    int folder;
    TSKL_TRY(tskl_folder_make_new(directory, ".install-", made, sizeof made, &folder, err));
    tskl_status status = write_files(j, folder, err);
    if (status == TSKL_OK && renameat(directory, made, directory, j->name))
        status = tskl_fail(err, TSKL_ERR_IO, "%s", strerror(errno));
    if (status != TSKL_OK) discard(j, directory, made, folder);
    close(folder);
    return status;
}

static tskl_status write_over(const job *j, int directory, tskl_error *err) {
    int folder;
    if (!j->args->values[REPLACE])
        return tskl_fail(err, TSKL_ERR_INVALID,
                         "it is there already; --replace puts this one in its place");
    TSKL_TRY(tskl_folder_open(directory, j->name, &folder, err));
    tskl_status status = write_files(j, folder, err);
    close(folder);
    return status;
}

// A folder that the user names may be a link; .taskless comes with whatever is unpacked here.
static tskl_status open_directory(const job *j, int *fd, tskl_error *err) {
    *fd = -1;
    if (j->named) *fd = open(j->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*fd < 0) TSKL_TRY(tskl_folder_make(AT_FDCWD, j->directory, fd, err));
    tskl_status status = tskl_trust_check(j->directory, err);
    if (status == TSKL_OK) return TSKL_OK;
    close(*fd);
    return status;
}

static tskl_status put_in_place(job *j, tskl_error *err) {
    struct stat st;
    int directory;
    j->name = tskl_arena_cstr(&j->arena, j->inspection.pack->manifest.name);
    if (!j->name) return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (installing a Pack)");
    TSKL_TRY(list_files(j, err));
    TSKL_TRY(open_directory(j, &directory, err));
    bool there = fstatat(directory, j->name, &st, AT_SYMLINK_NOFOLLOW) == 0;
    tskl_status status = there ? write_over(j, directory, err) : write_new(j, directory, err);
    close(directory);
    return status ? tskl_context(err, status, "%s/%s", j->directory, j->name) : TSKL_OK;
}

static const char *listing_of(const tskl_config *config) {
    for (size_t i = 0; i < config->pack_count; i++)
        if (config->packs[i].line) return config->path;
    return NULL;
}

static bool comes_with_taskless(const char *name) {
    char packs[PATH_MAX], pack[PATH_MAX + 80];
    if (!tskl_installed_packs(packs)) return false;
    snprintf(pack, sizeof pack, "%s/%s", packs, name);
    return access(pack, F_OK) == 0;
}

// How programs find it: with a list of Packs in taskless.yaml the folder is not looked through.
static void say_next(const job *j, const tskl_config *config) {
    const char *listing = config ? listing_of(config) : NULL;
    printf("\n%s is in %s/%s", j->name, j->directory, j->name);
    if (listing) {
        printf("; %s lists its Packs: add\n  - {name: %s, from: %s/%s}\n", listing, j->name,
               j->directory, j->name);
        return;
    }
    if (j->args->values[TO])
        printf(": TASKLESS_DIRECTORY=%s or --packs %s lets programs find it", j->directory,
               j->directory);
    else if (j->named)
        printf(": programs find it by TASKLESS_DIRECTORY, as now");
    else
        printf(": programs that are started in this folder find it");
    printf(", %s\n", comes_with_taskless(j->name)
                         ? "in place of the Pack of that name that comes with taskless"
                         : "beside the Packs that come with taskless");
}

static tskl_status install(job *j, tskl_error *err) {
    TSKL_TRY(read_package(j, err));
    TSKL_TRY(check_pack(j, err));
    TSKL_TRY(put_in_place(j, err));
    tskl_inspection_show_short(&j->inspection, stdout, tskl_stream_takes_colour(stdout));
    return TSKL_OK;
}

// Whatever is wrong with the configuration is no matter of this Pack, but nothing finds it before
// that is mended.
static int load_and_install(job *j) {
    tskl_config *config;
    tskl_error err, why;
    bool loaded = tskl_settings_load(j->args, "stderr", &config, &why) == TSKL_OK;
    if (!j->directory) j->directory = tskl_env_get()->directory;
    j->named = j->directory != NULL;
    if (!j->directory) j->directory = ".taskless";
    tskl_status status = install(j, &err);
    if (status == TSKL_OK) {
        say_next(j, config);
        fflush(stdout);
        if (!loaded) tskl_complain("no program finds it before this is mended: %s", why.message);
    }
    tskl_config_free(config);
    return status == TSKL_OK ? TSKL_EXIT_DONE : tskl_fail_with(&err);
}

static int run(const tskl_args *args) {
    if (args->operand_count != 1) {
        tskl_complain("pack install takes one FILE or URL, here are %d", args->operand_count);
        return TSKL_EXIT_USAGE;
    }
    job j = {.args = args, .from = args->operands[0], .directory = args->values[TO]};
    int code = load_and_install(&j);
    tskl_inspection_close(&j.inspection);
    tskl_arena_reset(&j.arena);
    return tskl_finish_output(code);
}

static const tskl_option options[] = {
    [DIGEST] = {"digest", "SHA256", "the digest that the bundle must have, sha256:HEX"},
    [REPLACE] = {"replace", NULL, "put it in the place of one that is there"},
    [TO] = {"to", "DIR", "the folder of Packs, in place of TASKLESS_DIRECTORY or .taskless"},
    TSKL_OPTION_NO_LIMIT,
};

const tskl_command tskl_command_pack_install = {
    .name = "pack install",
    .summary = "puts a Pack to use, from a file or a URL",
    .operands = "FILE|URL",
    .about =
        "Puts a bundle (pack.tgz), from a file or by https, or the Pack in a folder into\n"
        ".taskless/NAME, where every program that taskless watches in this folder finds it. It\n"
        "is read, checked and compiled first: a bad one is refused, and nothing is written.\n"
        "Then it is shown what the Pack sees, and what it asks for beyond that: nothing of this\n"
        "is given before you write it into taskless.yaml.\n",
    .examples = "  taskless pack install acme/pack.tgz\n"
                "      a bundle\n"
                "  taskless pack install https://packs.example.com/a.tgz --digest sha256:9f3c..\n"
                "      by URL, and only just this one\n",
    .next = "  taskless run -- node server.js     uses it\n"
            "  taskless pack inspect NAME         shows it again, whole\n"
            "\n"
            "Exit code: 3 it is bad, is another bundle, or one is there already.\n",
    .options = options,
    .option_count = TSKL_COUNT(options),
    .run = run,
};
