// SPDX-License-Identifier: Apache-2.0
#include "command.h"
#include "kit/built_pack.h"
#include "kit/bundle_writer.h"
#include "say.h"
#include "store/write.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

enum { OUT };
enum { FILES_MAX = TSKL_PACKAGE_FILES + TSKL_PACKAGE_MODULES };

/** One run of the command. */
typedef struct job {
    const char *folder, *out;
    tskl_arena arena;
    tskl_package package;
    tskl_inspection inspection;
    tskl_bundle_file files[FILES_MAX];
    size_t count;
} job;

static void gather_files(job *j) {
    for (size_t i = 0; i < TSKL_PACKAGE_FILES; i++) {
        tskl_slice bytes =
            *(const tskl_slice *)((const char *)&j->package + tskl_package_files[i].offset);
        if (bytes.ptr) j->files[j->count++] = (tskl_bundle_file){tskl_package_files[i].name, bytes};
    }
}

// Modules that lie beside pack.wasm travel with it; those that many Packs share do not.
static tskl_status gather_modules(job *j, tskl_error *err) {
    for (size_t i = 0; i < j->inspection.pack->module_count; i++) {
        const tskl_pack_module *module = &j->inspection.pack->modules[i];
        const char *name = tskl_arena_printf(&j->arena, TSKL_FMT ".wasm", TSKL_ARG(module->name));
        const char *path = name ? tskl_arena_printf(&j->arena, "%s/%s", j->folder, name) : NULL;
        if (!path) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a bundle");
        if (access(path, F_OK) == 0)
            j->files[j->count++] = (tskl_bundle_file){name, module->wasm};
        else
            tskl_complain("%s is not in the bundle: it lies among those that several Packs share",
                          name);
    }
    return TSKL_OK;
}

// Only what would run: nobody is to find out elsewhere that a bundle is none.
static tskl_status read_pack(job *j, tskl_error *err) {
    TSKL_TRY(tskl_package_read(j->folder, &j->arena, &j->package, err));
    TSKL_TRY(tskl_inspect_package(&j->package, &j->inspection, err));
    TSKL_TRY(tskl_built_pack_check(&j->inspection, (tskl_slice){NULL, 0}, err));
    gather_files(j);
    return gather_modules(j, err);
}

static tskl_status write_out(const job *j, tskl_slice bundle, tskl_error *err) {
    const char *slash = strrchr(j->out, '/'), *name = slash ? slash + 1 : j->out;
    char folder[PATH_MAX];
    int len = slash ? (int)(slash - j->out) : 0;
    snprintf(folder, sizeof folder, "%.*s%s", len, j->out, slash ? (len ? "" : "/") : ".");
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return tskl_fail(err, TSKL_ERR_IO, "%s: %s", folder, strerror(errno));
    tskl_descriptor in = tskl_descriptor_of(fd);
    tskl_status status = tskl_store_write(&in, name, &bundle, 1, err);
    close(fd);
    return status;
}

static tskl_status write_bundle(job *j, tskl_error *err) {
    tskl_buf bundle;
    char bytes[32];
    tskl_buf_init(&bundle, TSKL_PACKAGE_BUNDLE_MAX);
    tskl_status status = tskl_bundle_write(j->files, j->count, &bundle, err);
    if (status == TSKL_OK) status = write_out(j, tskl_buf_slice(&bundle), err);
    if (status == TSKL_OK)
        printf("%s: %s bytes\nsha256:%s\n", j->out, tskl_with_commas(bundle.len, bytes),
               tskl_sha256_of(tskl_buf_slice(&bundle)).hex);
    tskl_buf_deinit(&bundle);
    return status;
}

static tskl_status make(job *j, tskl_error *err) {
    if (access(j->folder, F_OK))
        return tskl_fail(err, TSKL_ERR_NOT_FOUND, "%s: %s", j->folder, strerror(errno));
    if (!j->out) j->out = tskl_arena_printf(&j->arena, "%s/pack.tgz", j->folder);
    if (!j->out) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a path");
    tskl_status status = read_pack(j, err);
    if (status == TSKL_ERR_NOT_FOUND)
        return tskl_context(err, status, "nothing to bundle (`taskless pack build` builds it)");
    TSKL_TRY(status);
    return write_bundle(j, err);
}

static int run(const tskl_args *args) {
    tskl_error err;
    job j = {.folder = args->operand_count ? args->operands[0] : ".", .out = args->values[OUT]};
    if (args->operand_count > 1) {
        tskl_complain("pack bundle takes one folder, here are %d", args->operand_count);
        return TSKL_EXIT_USAGE;
    }
    int code = make(&j, &err) == TSKL_OK ? TSKL_EXIT_DONE : tskl_fail_with(&err);
    tskl_inspection_close(&j.inspection);
    tskl_arena_reset(&j.arena);
    return tskl_finish_output(code);
}

static const tskl_option options[] = {
    [OUT] = {"out", "FILE", "where the bundle goes, in place of pack.tgz in the folder"},
};

const tskl_command tskl_command_pack_bundle = {
    .name = "pack bundle",
    .summary = "packs a Pack up as one file",
    .operands = "[PACK_DIR]",
    .about =
        "Makes pack.tgz of the Pack in the folder PACK_DIR, or in this one: its manifest.json,\n"
        "config.json and pack.wasm, and modules that lie beside them. It is checked first. The\n"
        "same files give the same bytes, wherever and whenever: what the bundle is, its digest\n"
        "says, which is shown and belongs under `digest:` where the bundle is used by URL.\n",
    .examples = "  taskless pack bundle\n"
                "      pack.tgz beside manifest.json\n"
                "  taskless pack bundle acme --out acme-0.1.0.tgz\n"
                "      under another name\n",
    .next = "  taskless pack install pack.tgz     puts it to use, here or on another machine\n"
            "\n"
            "Exit code: 3 there is no Pack, or it is bad.\n",
    .options = options,
    .option_count = TSKL_COUNT(options),
    .run = run,
};
