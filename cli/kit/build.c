// SPDX-License-Identifier: Apache-2.0
#include "kit/build.h"
#include "config/nearest.h"
#include "input.h"
#include "kit/built_pack.h"
#include "kit/kit_steps.h"
#include "kit/kit_tools.h"
#include "kit/wasm_opt.h"
#include "prepare.h"
#include "say.h"
#include "store/write.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/** One build under way. */
typedef struct building {
    const tskl_build_options *options;
    tskl_built *out;
    tskl_arena arena;
    tskl_package package; // manifest and configuration at first, then the code as well
    tskl_manifest manifest;
    const char *project, *work, *beside, *made; // `made` is @out@: what the steps leave
    tskl_kit_words words;
    tskl_texts sources;
    int lock; // on the folder for what lies between
} building;

static tskl_status fail_language(const tskl_kits *kits, const char *language, tskl_error *err) {
    tskl_arena arena = {0};
    tskl_nearest nearest = {.wrong = tskl_slice_of(language)};
    const char *names = tskl_kits_names(kits, &arena);
    for (size_t i = 0; i < kits->count; i++)
        for (size_t n = 0; n < kits->items[i].names.count; n++)
            tskl_nearest_offer(&nearest, kits->items[i].names.items[n]);
    tskl_status status = tskl_fail(err, TSKL_ERR_NOT_FOUND,
                                   "there is no kit for '%s'" TSKL_NEAREST_FMT "; there are: %s",
                                   language, TSKL_NEAREST_ARG(nearest), names ? names : "none");
    tskl_arena_reset(&arena);
    return status;
}

static tskl_status fail_markers(const tskl_kits *kits, const char *project, tskl_error *err) {
    char markers[160] = "";
    size_t len = 0;
    for (size_t i = 0; i < kits->count && len < sizeof markers; i++)
        len += (size_t)snprintf(markers + len, sizeof markers - len, "%s" TSKL_FMT, i ? ", " : "",
                                TSKL_ARG(kits->items[i].markers.items[0]));
    return tskl_fail(err, TSKL_ERR_NOT_FOUND,
                     "%s is no project of a Pack (%s would tell); `taskless pack new` makes one",
                     project, markers);
}

tskl_status tskl_build_kit(const tskl_kits *kits, const tskl_build_options *options,
                           const tskl_kit **out, tskl_error *err) {
    const tskl_kit *other;
    *out = NULL;
    if (options->language) {
        *out = tskl_kits_named(kits, tskl_slice_of(options->language));
        return *out ? TSKL_OK : fail_language(kits, options->language, err);
    }
    size_t count = tskl_kits_of_project(kits, options->project, out, &other);
    if (count == 1) return TSKL_OK;
    if (count == 0) return fail_markers(kits, options->project, err);
    return tskl_fail(err, TSKL_ERR_INVALID,
                     "%s could be in " TSKL_FMT " or in " TSKL_FMT ": say which, --lang " TSKL_FMT,
                     options->project, TSKL_ARG((*out)->title), TSKL_ARG(other->title),
                     TSKL_ARG((*out)->names.items[0]));
}

// The manifest is read before anything is compiled: it names the Pack, and its modules.
static tskl_status read_texts(building *b, tskl_error *err) {
    const char *manifest = tskl_arena_printf(&b->arena, "%s/manifest.json", b->project);
    const char *configuration = tskl_arena_printf(&b->arena, "%s/config.json", b->project);
    if (!manifest || !configuration) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a path");
    TSKL_TRY(
        tskl_input_file(manifest, TSKL_PACKAGE_MANIFEST_MAX, &b->arena, &b->package.manifest, err));
    if (access(configuration, F_OK) == 0)
        TSKL_TRY(tskl_input_file(configuration, TSKL_PACKAGE_TEXT_MAX, &b->arena,
                                 &b->package.configuration, err));
    tskl_status status = tskl_manifest_parse(b->package.manifest, &b->arena, &b->manifest, err);
    return status ? tskl_context(err, status, "%s", manifest) : TSKL_OK;
}

// Each folder of `path` that is missing.
static tskl_status make_folders(const char *path, tskl_error *err) {
    char part[PATH_MAX];
    if (snprintf(part, sizeof part, "%s", path) >= (int)sizeof part)
        return tskl_fail(err, TSKL_ERR_INVALID, "%s: too long for a path", path);
    for (char *slash = strchr(part + 1, '/');; slash = strchr(slash + 1, '/')) {
        if (slash) *slash = 0;
        if (mkdir(part, 0755) && errno != EEXIST)
            return tskl_fail(err, TSKL_ERR_IO, "%s: %s", part, strerror(errno));
        if (!slash) return TSKL_OK;
        *slash = '/';
    }
}

static tskl_status whole_path(const char *path, tskl_arena *arena, const char **out,
                              tskl_error *err) {
    char whole[PATH_MAX];
    *out = realpath(path, whole) ? tskl_arena_cstr(arena, tskl_slice_of(whole)) : NULL;
    return *out ? TSKL_OK
                : tskl_fail(err, TSKL_ERR_NOT_FOUND, "%s: %s", path,
                            errno ? strerror(errno) : "no room");
}

// Two builds in one folder, such as that of --watch and one by hand, wait for each other.
static tskl_status lock_work(building *b, tskl_error *err) {
    b->lock = open(b->work, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (b->lock < 0) return tskl_fail(err, TSKL_ERR_IO, "%s: %s", b->work, strerror(errno));
    if (flock(b->lock, LOCK_EX | LOCK_NB) == 0) return TSKL_OK;
    tskl_remark("waiting for another build in %s", b->work);
    while (flock(b->lock, LOCK_EX))
        if (errno != EINTR) return tskl_fail(err, TSKL_ERR_IO, "%s: %s", b->work, strerror(errno));
    return TSKL_OK;
}

// PROJECT/pack.wasm, or where --out says, whose folder is made.
static tskl_status find_places(building *b, tskl_error *err) {
    const char *out = b->options->out, *work = b->options->work;
    TSKL_TRY(whole_path(b->options->project, &b->arena, &b->project, err));
    if (!work) work = tskl_arena_printf(&b->arena, "%s/build", b->project);
    if (!work) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a path");
    TSKL_TRY(make_folders(work, err));
    TSKL_TRY(whole_path(work, &b->arena, &b->work, err));
    const char *slash = out ? strrchr(out, '/') : NULL;
    const char *folder =
        !out    ? b->project
        : slash ? tskl_arena_cstr(&b->arena, tskl_slice_make(out, (size_t)(slash - out)))
                : ".";
    if (!folder) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for a path");
    if (out && *folder) TSKL_TRY(make_folders(folder, err));
    TSKL_TRY(whole_path(*folder ? folder : "/", &b->arena, &b->beside, err));
    snprintf(b->out->path, sizeof b->out->path, "%s/%s", b->beside,
             slash ? slash + 1
             : out ? out
                   : "pack.wasm");
    b->made = tskl_arena_printf(&b->arena, "%s/made.wasm", b->work);
    return b->made ? TSKL_OK : tskl_fail(err, TSKL_ERR_NOMEM, "no room for a path");
}

static tskl_status set_words(building *b, tskl_error *err) {
    const char *name = tskl_arena_cstr(&b->arena, b->manifest.name);
    bool set = name && tskl_kit_words_set(&b->words, TSKL_S("project"), b->project) &&
               tskl_kit_words_set(&b->words, TSKL_S("kit"), b->out->kit->folder) &&
               tskl_kit_words_set(&b->words, TSKL_S("work"), b->work) &&
               tskl_kit_words_set(&b->words, TSKL_S("beside"), b->beside) &&
               tskl_kit_words_set(&b->words, TSKL_S("out"), b->made) &&
               tskl_kit_words_set(&b->words, TSKL_S("name"), name);
    return set ? TSKL_OK : tskl_fail(err, TSKL_ERR_NOMEM, "no room for a build");
}

static tskl_status list_sources(building *b, tskl_error *err) {
    struct dirent **entries;
    tskl_slice ending = b->out->kit->sources;
    if (ending.len == 0) return TSKL_OK;
    int count = scandir(b->project, &entries, NULL, alphasort);
    if (count < 0) return tskl_fail(err, TSKL_ERR_IO, "%s: %s", b->project, strerror(errno));
    b->sources.items = tskl_arena_array(&b->arena, tskl_slice, (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        bool is_source = name[0] != '.' && tskl_slice_ends(tskl_slice_of(name), ending);
        const char *path =
            is_source ? tskl_arena_printf(&b->arena, "%s/%s", b->project, name) : NULL;
        if (path && b->sources.items) b->sources.items[b->sources.count++] = tskl_slice_of(path);
        free(entries[i]);
    }
    free(entries);
    return b->sources.items ? TSKL_OK : tskl_fail(err, TSKL_ERR_NOMEM, "no room for a build");
}

// A Pack that names modules goes another way than one that stands alone.
static bool fits(const building *b, const tskl_kit_way *way) {
    const tskl_manifest *manifest = &b->manifest;
    const char *asked = b->options->way;
    if (asked && !tskl_slice_equal(way->name, tskl_slice_of(asked))) return false;
    if (way->module.len == 0) return manifest->module_count == 0;
    for (size_t i = 0; i < manifest->module_count; i++)
        if (tskl_slice_equal(manifest->modules[i].name, way->module)) return true;
    return false;
}

static tskl_status fail_ways(const building *b, tskl_error *err) {
    char names[160] = "";
    size_t len = 0;
    const tskl_kit *kit = b->out->kit;
    for (size_t i = 0; i < kit->way_count && len < sizeof names; i++)
        len += (size_t)snprintf(names + len, sizeof names - len, "%s" TSKL_FMT, i ? ", " : "",
                                TSKL_ARG(kit->ways[i].name));
    if (b->options->way)
        return tskl_fail(err, TSKL_ERR_NOT_FOUND,
                         "--with %s: a Pack like this in " TSKL_FMT " is built with %s",
                         b->options->way, TSKL_ARG(kit->title), names);
    return tskl_fail(err, TSKL_ERR_INVALID,
                     "no way to build a Pack in " TSKL_FMT
                     " goes with the `modules` of its manifest",
                     TSKL_ARG(kit->title));
}

// The first way whose tools are there. Else what to install, for the best one first.
static tskl_status choose_way(building *b, tskl_error *err) {
    const tskl_kit *kit = b->out->kit;
    const tskl_kit_way *best = NULL;
    for (size_t i = 0; i < kit->way_count; i++) {
        if (!fits(b, &kit->ways[i])) continue;
        if (!best) best = &kit->ways[i];
        tskl_status status = tskl_kit_tools_find(&kit->ways[i], &b->words, &b->arena, err);
        if (status == TSKL_OK) b->out->way = &kit->ways[i];
        if (status != TSKL_ERR_NOT_FOUND) return status;
    }
    if (!best) return fail_ways(b, err);
    tskl_kit_tools_complain(kit, best, &b->words, &b->arena);
    return tskl_fail(err, TSKL_ERR_UNSUPPORTED, "%s", "");
}

static tskl_status run_steps(building *b, tskl_error *err) {
    const tskl_kit_job job = {.words = &b->words,
                              .project = b->project,
                              .sources = b->sources,
                              .verbose = b->options->verbose};
    unlink(b->made);
    TSKL_TRY(tskl_kit_steps_run(&job, b->out->way, err));
    if (access(b->made, R_OK) == 0) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_INVALID,
                     "the compiler said nothing and made nothing; --verbose shows its commands");
}

static tskl_status optimize(building *b, tskl_error *err) {
    const char *why;
    if (!b->out->kit->optimize || b->options->unoptimized) return TSKL_OK;
    const char *program = tskl_wasm_opt_find(b->project, &b->arena, &why);
    if (!program && why && !b->options->quiet) tskl_complain("not optimised: %s", why);
    if (!program) return TSKL_OK;
    b->out->optimized = true;
    return tskl_wasm_opt_run(program, b->made, b->options->verbose, &b->arena, err);
}

// As it would be for use: everything that is wrong with a Pack is said here.
static tskl_status judge(building *b, tskl_error *err) {
    static const tskl_prepare_options usual;
    tskl_inspection inspection;
    tskl_prepared how;
    b->package.folder = b->beside;
    TSKL_TRY(tskl_input_file(b->made, TSKL_PACKAGE_WASM_MAX, &b->arena, &b->package.wasm, err));
    tskl_status status = tskl_inspect_package(&b->package, &inspection, err);
    if (status == TSKL_OK) {
        status = tskl_built_pack_check(&inspection, b->out->kit->hook, err);
        if (status == TSKL_OK) status = tskl_prepare_modules(inspection.pack, &usual, &how, err);
        if (status != TSKL_OK) tskl_context(err, status, "what was built is no Pack");
    }
    tskl_inspection_close(&inspection);
    return status;
}

static tskl_status put_in_place(building *b, tskl_error *err) {
    int folder = open(b->beside, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return tskl_fail(err, TSKL_ERR_IO, "%s: %s", b->beside, strerror(errno));
    tskl_descriptor in = tskl_descriptor_of(folder);
    tskl_status status =
        tskl_store_write(&in, strrchr(b->out->path, '/') + 1, &b->package.wasm, 1, err);
    close(folder);
    b->out->bytes = b->package.wasm.len;
    b->out->budget_kib =
        b->out->way->budget_kib ? b->out->way->budget_kib : b->out->kit->budget_kib;
    return status;
}

static tskl_status build(building *b, const tskl_kits *kits, tskl_error *err) {
    struct stat st;
    if (stat(b->options->project, &st))
        return tskl_fail(err, TSKL_ERR_NOT_FOUND, "%s: %s", b->options->project, strerror(errno));
    TSKL_TRY(tskl_build_kit(kits, b->options, &b->out->kit, err));
    TSKL_TRY(find_places(b, err));
    TSKL_TRY(read_texts(b, err));
    TSKL_TRY(set_words(b, err));
    TSKL_TRY(list_sources(b, err));
    TSKL_TRY(choose_way(b, err));
    TSKL_TRY(lock_work(b, err));
    TSKL_TRY(run_steps(b, err));
    TSKL_TRY(optimize(b, err));
    TSKL_TRY(judge(b, err));
    return put_in_place(b, err);
}

tskl_status tskl_build(const tskl_kits *kits, const tskl_build_options *options, tskl_built *out,
                       tskl_error *err) {
    building b = {.options = options, .out = out, .lock = -1};
    *out = (tskl_built){0};
    tskl_status status = build(&b, kits, err);
    if (b.lock >= 0) close(b.lock);
    tskl_arena_reset(&b.arena);
    return status;
}
