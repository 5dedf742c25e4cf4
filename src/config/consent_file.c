// consent_file: a consent as text: lines "word value", the path last, since it may hold anything.
// SPDX-License-Identifier: Apache-2.0
#include "base/env.h"
#include "config/consent.h"
#include "config/names.h"

#define FIRST_LINE TSKL_S("taskless-consent 1")

const char *tskl_consent_folder(tskl_arena *arena) {
    const tskl_env *env = tskl_env_get();
    const char *home = env->home, *xdg = env->xdg_state_home;
    // The XDG specification has a relative path passed over.
    if (xdg && xdg[0] == '/') return tskl_arena_printf(arena, "%s/taskless/trust", xdg);
    if (home && home[0] == '/')
        return tskl_arena_printf(arena, "%s/.local/state/taskless/trust", home);
    return NULL;
}

tskl_sha256 tskl_consent_name(tskl_slice path) {
    return tskl_sha256_of(path);
}

bool tskl_consent_write(const tskl_consent *consent, tskl_buf *text) {
    tskl_buf_printf(text, TSKL_FMT "\nfile %s\n", TSKL_ARG(FIRST_LINE), consent->file.hex);
    if (consent->dotenv.hex[0]) tskl_buf_printf(text, "dotenv %s\n", consent->dotenv.hex);
    for (size_t i = 0; i < consent->pack_count; i++)
        tskl_buf_printf(text, "pack " TSKL_FMT " %s\n", TSKL_ARG(consent->packs[i].name),
                        consent->packs[i].digest.hex);
    tskl_buf_printf(text, "path " TSKL_FMT "\n", TSKL_ARG(consent->path));
    return !text->failed;
}

static bool read_pack(tskl_slice rest, tskl_consent *out) {
    tskl_slice name = tskl_slice_split(&rest, ' ');
    out->packs[out->pack_count].name = name;
    return tskl_name_is_pack(name) &&
           tskl_sha256_parse(rest, &out->packs[out->pack_count++].digest);
}

static bool read_line(tskl_slice line, tskl_consent *out) {
    tskl_slice word = tskl_slice_split(&line, ' ');
    if (tskl_slice_equal(word, TSKL_S("file"))) return tskl_sha256_parse(line, &out->file);
    if (tskl_slice_equal(word, TSKL_S("dotenv"))) return tskl_sha256_parse(line, &out->dotenv);
    if (tskl_slice_equal(word, TSKL_S("pack"))) return read_pack(line, out);
    out->path = line;
    return tskl_slice_equal(word, TSKL_S("path")) && line.len;
}

tskl_status tskl_consent_parse(tskl_slice text, tskl_arena *arena, tskl_consent *out,
                               tskl_error *err) {
    tskl_consent read = {0};
    *out = read;
    read.packs = tskl_arena_zeroed(arena, tskl_slice_count(text, '\n') + 1, sizeof *read.packs);
    if (!read.packs) return tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (reading consent)");
    bool good = tskl_slice_equal(tskl_slice_line(&text), FIRST_LINE);
    while (good && text.len) good = read_line(tskl_slice_line(&text), &read);
    if (!good || !read.path.len || !read.file.hex[0])
        return tskl_fail(err, TSKL_ERR_SYNTAX, "it is not a consent that taskless wrote");
    *out = read;
    return TSKL_OK;
}
