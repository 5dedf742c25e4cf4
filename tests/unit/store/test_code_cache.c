// SPDX-License-Identifier: Apache-2.0
#include "base/env.h"
#include "base/log.h"
#include "harness.h"
#include "store/code_cache.h"
#include "store/code_entry.h"
#include "store/code_folders.h"
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const tskl_sha256 wasm = {
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"};
#define KEY TSKL_S("48.0.2-x86_64")
#define CODE TSKL_S("native code")

// In every test the cache lies in the test's own folder.
typedef struct cache {
    tskl_env env;
    const char *folder, *entry;
    tskl_code code;
} cache;

static bool cache_begin(tskl_test *t, cache *c) {
    *c = (cache){0};
    c->folder = tskl_arena_printf(t->arena, "%s/a/b", tskl_test_folder(t));
    c->entry = tskl_arena_printf(t->arena, "%s/%s-48.0.2-x86_64.cwasm", c->folder, wasm.hex);
    c->env.cache = c->folder;
    tskl_env_replaced = &c->env;
    tskl_log_set(TSKL_LOG_OFF, STDERR_FILENO);
    return c->folder && c->entry;
}

static void cache_end(cache *c) {
    tskl_code_unmap(&c->code);
    tskl_env_replaced = NULL;
    tskl_log_set(TSKL_LOG_WARN, STDERR_FILENO);
}

TEST(code_cache, gives_back_what_was_stored) {
    CLEANUP(cache_end) cache c;
    CHECK(cache_begin(t, &c));
    CHECK_STATUS(TSKL_ERR_NOT_FOUND, tskl_code_find(&wasm, KEY, &c.code, &t->err));
    CHECK_OK(tskl_code_store(NULL, &wasm, KEY, CODE, &t->err));
    CHECK_OK(tskl_code_find(&wasm, KEY, &c.code, &t->err));
    CHECK_TEXT(CODE, c.code.bytes);
    CHECK((uintptr_t)c.code.bytes.ptr % 4096 == 0);
    CHECK_STATUS(TSKL_ERR_NOT_FOUND, tskl_code_find(&wasm, TSKL_S("other"), &c.code, &t->err));
}

TEST(code_cache, makes_its_folder_for_its_user_alone) {
    CLEANUP(cache_end) cache c;
    struct stat st;
    CHECK(cache_begin(t, &c));
    CHECK_OK(tskl_code_store(c.folder, &wasm, KEY, CODE, &t->err));
    CHECK(stat(c.folder, &st) == 0 && (st.st_mode & 0777) == 0700);
    CHECK(stat(c.entry, &st) == 0 && (st.st_mode & 0777) == 0600);
}

TEST(code_cache, makes_entries_as_readable_as_their_folder) {
    CLEANUP(cache_end) cache c;
    struct stat st;
    CHECK(cache_begin(t, &c));
    CHECK_OK(tskl_code_folder_make(c.folder, &t->err));
    CHECK(chmod(c.folder, 0755) == 0);
    CHECK_OK(tskl_code_store(c.folder, &wasm, KEY, CODE, &t->err));
    CHECK(stat(c.entry, &st) == 0 && (st.st_mode & 0777) == 0644);
}

static bool change_byte(const char *path, off_t at) {
    int fd = open(path, O_RDWR);
    char byte = 0;
    bool done = pread(fd, &byte, 1, at) == 1;
    byte ^= 1;
    done = done && pwrite(fd, &byte, 1, at) == 1;
    close(fd);
    return done;
}

TEST(code_cache, unlinks_an_entry_that_is_damaged) {
    // In the magic, the version, the length, the checksum and the code.
    static const off_t places[] = {0, 8, 16, 30, 4096};
    for (size_t i = 0; i < TSKL_COUNT(places); i++) {
        CLEANUP(cache_end) cache c;
        CHECK(cache_begin(t, &c));
        CHECK_OK(tskl_code_store(NULL, &wasm, KEY, CODE, &t->err));
        CHECK(change_byte(c.entry, places[i]));
        CHECK_STATUS(TSKL_ERR_NOT_FOUND, tskl_code_find(&wasm, KEY, &c.code, &t->err));
        CHECK(access(c.entry, F_OK) != 0);
    }
}

TEST(code_cache, unlinks_an_entry_that_is_cut_or_longer) {
    static const off_t sizes[] = {0, 40, 4096, 4100, 5000};
    for (size_t i = 0; i < TSKL_COUNT(sizes); i++) {
        CLEANUP(cache_end) cache c;
        CHECK(cache_begin(t, &c));
        CHECK_OK(tskl_code_store(NULL, &wasm, KEY, CODE, &t->err));
        CHECK(truncate(c.entry, sizes[i]) == 0);
        CHECK_STATUS(TSKL_ERR_NOT_FOUND, tskl_code_find(&wasm, KEY, &c.code, &t->err));
        CHECK(access(c.entry, F_OK) != 0);
    }
}

TEST(code_cache, does_not_take_one_entry_for_another) {
    CLEANUP(cache_end) cache c;
    CHECK(cache_begin(t, &c));
    CHECK_OK(tskl_code_store(NULL, &wasm, TSKL_S("other"), CODE, &t->err));
    const char *other = tskl_arena_printf(t->arena, "%s/%s-other.cwasm", c.folder, wasm.hex);
    CHECK(other && rename(other, c.entry) == 0);
    CHECK_STATUS(TSKL_ERR_NOT_FOUND, tskl_code_find(&wasm, KEY, &c.code, &t->err));
}

TEST(code_cache, follows_no_link_and_leaves_it) {
    CLEANUP(cache_end) cache c;
    CHECK(cache_begin(t, &c));
    CHECK_OK(tskl_code_store(NULL, &wasm, KEY, CODE, &t->err));
    const char *elsewhere = tskl_arena_printf(t->arena, "%s/elsewhere", tskl_test_folder(t));
    CHECK(elsewhere && rename(c.entry, elsewhere) == 0 && symlink(elsewhere, c.entry) == 0);
    CHECK_STATUS(TSKL_ERR_NOT_FOUND, tskl_code_find(&wasm, KEY, &c.code, &t->err));
    CHECK(unlink(c.entry) == 0 && link(elsewhere, c.entry) == 0);
    CHECK_STATUS(TSKL_ERR_NOT_FOUND, tskl_code_find(&wasm, KEY, &c.code, &t->err));
    CHECK(access(c.entry, F_OK) == 0);
}

TEST(code_cache, passes_over_what_others_may_write) {
    CLEANUP(cache_end) cache c;
    CHECK(cache_begin(t, &c));
    CHECK_OK(tskl_code_store(NULL, &wasm, KEY, CODE, &t->err));
    CHECK(chmod(c.entry, 0666) == 0);
    CHECK_STATUS(TSKL_ERR_NOT_FOUND, tskl_code_find(&wasm, KEY, &c.code, &t->err));
    CHECK(chmod(c.entry, 0600) == 0 && chmod(c.folder, 0777) == 0);
    CHECK_STATUS(TSKL_ERR_NOT_FOUND, tskl_code_find(&wasm, KEY, &c.code, &t->err));
    CHECK_STATUS(TSKL_ERR_UNTRUSTED, tskl_code_store(c.folder, &wasm, KEY, CODE, &t->err));
    CHECK(chmod(c.folder, 0700) == 0);
    CHECK_OK(tskl_code_find(&wasm, KEY, &c.code, &t->err));
}

TEST(code_cache, leaves_nothing_behind_where_it_cannot_write) {
    CLEANUP(cache_end) cache c;
    CHECK(cache_begin(t, &c));
    CHECK_OK(tskl_code_folder_make(c.folder, &t->err));
    CHECK(mkdir(c.entry, 0700) == 0); // a name that is taken
    CHECK_STATUS(TSKL_ERR_IO, tskl_code_store(c.folder, &wasm, KEY, CODE, &t->err));
    CHECK(rmdir(c.entry) == 0 && rmdir(c.folder) == 0);
    const char *file = tskl_test_write(t, "file", TSKL_S(""));
    CHECK_STATUS(TSKL_ERR_IO, tskl_code_store(file, &wasm, KEY, CODE, &t->err));
}

TEST(code_cache, takes_no_key_that_leaves_its_folder) {
    static const char *const keys[] = {"", "a/b", "a b", "../../x"};
    CLEANUP(cache_end) cache c;
    CHECK(cache_begin(t, &c));
    for (size_t i = 0; i < TSKL_COUNT(keys); i++)
        CHECK_STATUS(TSKL_ERR_INVALID,
                     tskl_code_store(c.folder, &wasm, tskl_slice_of(keys[i]), CODE, &t->err));
}

TEST(code_cache, says_where_it_keeps_code) {
    static const struct {
        const char *cache, *xdg, *home, *folder;
    } rows[] = {
        {"/c", "/x", "/h", "/c"},
        {NULL, "/x", "/h", "/x/taskless"},
        {NULL, NULL, "/h", "/h/.cache/taskless"},
        {NULL, "relative", "/h", "/h/.cache/taskless"},
        {NULL, NULL, NULL, TSKL_CODE_SYSTEM_FOLDER},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        CLEANUP(cache_end) cache c = {0};
        c.env.cache = rows[i].cache;
        c.env.xdg_cache_home = rows[i].xdg;
        c.env.home = rows[i].home;
        tskl_env_replaced = &c.env;
        const char *folder = tskl_code_folder(t->arena);
        CHECK(folder);
        CHECK_TEXT(tskl_slice_of(rows[i].folder), tskl_slice_of(folder));
    }
}

TEST(code_cache, begins_in_the_working_folder_where_it_is_told_so) {
    char here[4096];
    CLEANUP(cache_end) cache c = {.env.cache = "my-cache"};
    tskl_env_replaced = &c.env;
    const char *folder = tskl_code_folder(t->arena);
    CHECK(folder && getcwd(here, sizeof here));
    CHECK(tskl_slice_starts(tskl_slice_of(folder), tskl_slice_of(here)));
    CHECK(tskl_slice_ends(tskl_slice_of(folder), TSKL_S("/my-cache")));
}

static void *store_again(void *folder) {
    for (int i = 0; i < 50; i++)
        if (tskl_code_store(folder, &wasm, KEY, CODE, NULL)) return folder;
    return NULL;
}

// Reads all the while: an entry is whole or not there.
TEST_ONCE(code_cache, has_many_writers) {
    CLEANUP(cache_end) cache c;
    pthread_t writers[4];
    void *failed[4];
    CHECK(cache_begin(t, &c));
    CHECK_OK(tskl_code_store(NULL, &wasm, KEY, CODE, &t->err));
    for (size_t i = 0; i < 4; i++)
        CHECK(pthread_create(&writers[i], NULL, store_again, (void *)c.folder) == 0);
    size_t found = 0;
    for (size_t i = 0; i < 200; i++) {
        found += tskl_code_find(&wasm, KEY, &c.code, NULL) == TSKL_OK;
        tskl_code_unmap(&c.code);
    }
    for (size_t i = 0; i < 4; i++) pthread_join(writers[i], &failed[i]);
    CHECK(found == 200);
    for (size_t i = 0; i < 4; i++) CHECK(!failed[i]);
}
