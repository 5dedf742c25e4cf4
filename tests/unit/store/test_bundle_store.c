// SPDX-License-Identifier: Apache-2.0
#include "base/env.h"
#include "harness.h"
#include "pack/pack.h"
#include "store/bundle_store.h"
#include "store/tar.h"
#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static tskl_env env;

// The user's cache folder is one of the test's own.
static void use_folder(tskl_test *t) {
    env = (tskl_env){.cache = tskl_test_folder(t)};
    tskl_env_replaced = &env;
}

static void use_no_folder(int *ignored) {
    (void)ignored;
    tskl_env_replaced = NULL;
}

static const char *path_of(tskl_test *t, const tskl_sha256 *digest) {
    return tskl_arena_printf(t->arena, "%s/packs/sha256-%s.tgz", t->folder, digest->hex);
}

TEST(bundle_store, finds_what_was_stored) {
    int guard CLEANUP(use_no_folder) = 0;
    tskl_sha256 digest = tskl_sha256_of(TSKL_S("a bundle"));
    tskl_slice found;
    struct stat st;
    use_folder(t);
    CHECK_STATUS(TSKL_ERR_NOT_FOUND, tskl_bundle_find(NULL, &digest, t->arena, &found, &t->err));
    CHECK_HAS(t->err.message, digest.hex);
    CHECK_OK(tskl_bundle_store(NULL, &digest, TSKL_S("a bundle"), &t->err));
    CHECK_OK(tskl_bundle_find(NULL, &digest, t->arena, &found, &t->err));
    CHECK_TEXT(TSKL_S("a bundle"), found);
    const char *path = path_of(t, &digest);
    CHECK(path && stat(path, &st) == 0 && (st.st_mode & 07777) == 0600);
}

TEST(bundle_store, keeps_nothing_that_is_another_bundle) {
    int guard CLEANUP(use_no_folder) = 0;
    tskl_sha256 digest = tskl_sha256_of(TSKL_S("a bundle")), other = tskl_sha256_of(TSKL_S("no"));
    use_folder(t);
    CHECK_STATUS(TSKL_ERR_MISMATCH, tskl_bundle_store(NULL, &digest, TSKL_S("no"), &t->err));
    CHECK_HAS(t->err.message, digest.hex);
    CHECK_HAS(t->err.message, other.hex);
    const char *folder = tskl_arena_printf(t->arena, "%s/packs", t->folder);
    CHECK(folder && access(folder, F_OK) != 0);
}

TEST(bundle_store, forgets_what_was_damaged) {
    int guard CLEANUP(use_no_folder) = 0;
    tskl_sha256 digest = tskl_sha256_of(TSKL_S("a bundle"));
    tskl_slice found;
    use_folder(t);
    CHECK_OK(tskl_bundle_store(NULL, &digest, TSKL_S("a bundle"), &t->err));
    const char *path = path_of(t, &digest);
    FILE *file = path ? fopen(path, "r+") : NULL;
    CHECK(file);
    fputc('A', file);
    fclose(file);
    CHECK_STATUS(TSKL_ERR_NOT_FOUND, tskl_bundle_find(NULL, &digest, t->arena, &found, &t->err));
    CHECK(found.len == 0 && access(path, F_OK) != 0);
}

TEST(bundle_store, reads_nothing_that_others_may_have_written) {
    int guard CLEANUP(use_no_folder) = 0;
    tskl_sha256 digest = tskl_sha256_of(TSKL_S("a bundle"));
    tskl_slice found;
    use_folder(t);
    CHECK_OK(tskl_bundle_store(t->folder, &digest, TSKL_S("a bundle"), &t->err));
    const char *path = path_of(t, &digest);
    CHECK(path && chmod(path, 0666) == 0);
    CHECK_STATUS(TSKL_ERR_NOT_FOUND, tskl_bundle_find(NULL, &digest, t->arena, &found, &t->err));
    CHECK_STATUS(TSKL_ERR_UNTRUSTED,
                 tskl_bundle_find(t->folder, &digest, t->arena, &found, &t->err));
    CHECK(access(path, F_OK) == 0);
}

static void close_pack(tskl_pack **pack) {
    tskl_pack_close(*pack);
}

TEST(bundle_store, has_the_pack_that_a_url_names) {
    int guard CLEANUP(use_no_folder) = 0;
    tskl_pack *pack CLEANUP(close_pack) = NULL;
    const tar_entry entries[] = {
        {.name = "manifest.json",
         .content = TSKL_S("{\"schema\":\"pre2\",\"name\":\"far\",\"version\":\"1.0.0\"}")},
        {.name = "pack.wasm", .content = TSKL_S("\0asm\1\0\0\0")},
    };
    use_folder(t);
    tskl_slice bundle = tar_make_gzip(entries, 2, t->arena);
    tskl_sha256 digest = tskl_sha256_of(bundle);
    tskl_config_pack entry = {.name = TSKL_S("far"),
                              .from = TSKL_S("https://packs.invalid/far.tgz"),
                              .digest = tskl_slice_of(digest.hex)};
    CHECK_STATUS(TSKL_ERR_UNAVAILABLE, tskl_pack_load(&entry, NULL, &pack, &t->err));
    CHECK_HAS(t->err.message, "pack far: it is not fetched yet: run taskless compile");
    CHECK_OK(tskl_bundle_store(NULL, &digest, bundle, &t->err));
    CHECK_OK(tskl_pack_load(&entry, NULL, &pack, &t->err));
    CHECK_TEXT(TSKL_S("far"), pack->manifest.name);
}
