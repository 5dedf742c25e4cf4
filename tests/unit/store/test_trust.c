// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "store/trust.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

static const char *path_of(tskl_test *t, const char *name) {
    const char *path = tskl_arena_printf(t->arena, "%s/%s", tskl_test_folder(t), name);
    return path ? path : "";
}

// Made where it is missing, and of that mode; NULL when that fails.
static const char *folder(tskl_test *t, const char *name, mode_t mode) {
    const char *path = path_of(t, name);
    mkdir(path, 0700);
    return chmod(path, mode) == 0 ? path : NULL;
}

TEST(trust, reads_what_only_its_owner_may_write) {
    tskl_slice text;
    const char *path = tskl_test_write(t, "a", TSKL_S("hello"));
    CHECK_OK(tskl_trust_check(path, &t->err));
    CHECK_OK(tskl_trust_read(path, 5, t->arena, &text, &t->err));
    CHECK_TEXT(TSKL_S("hello"), text);
    CHECK(text.ptr[5] == 0);
}

TEST(trust, reads_an_empty_file) {
    tskl_slice text;
    const char *path = tskl_test_write(t, "a", TSKL_S(""));
    CHECK_OK(tskl_trust_read(path, 5, t->arena, &text, &t->err));
    CHECK(text.ptr && text.len == 0);
}

TEST(trust, refuses_what_others_may_write_and_names_the_mend) {
    static const mode_t modes[] = {0602, 0666};
    const char *path = tskl_test_write(t, "a", TSKL_S("hello"));
    for (size_t i = 0; i < TSKL_COUNT(modes); i++) {
        tskl_descriptor opened;
        CHECK(chmod(path, modes[i]) == 0);
        CHECK_STATUS(TSKL_ERR_UNTRUSTED, tskl_trust_check(path, &t->err));
        CHECK_STATUS(TSKL_ERR_UNTRUSTED, tskl_trust_open(path, &opened, &t->err));
        CHECK_HAS(t->err.message, "/a: not trusted, others may write there: chmod go-w /");
        CHECK(opened.fd == -1);
    }
}

TEST(trust, refuses_what_lies_below_a_folder_that_others_may_write) {
    tskl_slice text;
    CHECK(folder(t, "open", 0700) && folder(t, "open/inner", 0700));
    const char *path = tskl_test_write(t, "open/inner/a", TSKL_S("hello"));
    CHECK_OK(tskl_trust_read(path, 100, t->arena, &text, &t->err));
    CHECK(folder(t, "open", 0777));
    CHECK_STATUS(TSKL_ERR_UNTRUSTED, tskl_trust_read(path, 100, t->arena, &text, &t->err));
    CHECK_HAS(t->err.message, "/open/inner/a: not trusted, others may write there: chmod go-w /");
}

TEST(trust, takes_a_sticky_folder_as_a_parent_only) {
    const char *sticky = folder(t, "sticky", 01777);
    CHECK(sticky);
    const char *path = tskl_test_write(t, "sticky/a", TSKL_S("hello"));
    CHECK_OK(tskl_trust_check(path, &t->err));
    CHECK_STATUS(TSKL_ERR_UNTRUSTED, tskl_trust_check(sticky, &t->err));
}

// A group that nobody on this machine begins in.
enum { SHARED_GROUP = 4242 };

TEST(trust, takes_a_private_group_for_its_user_and_no_other_group) {
    const char *path = tskl_test_write(t, "a", TSKL_S("hello"));
    if (geteuid() != 0) SKIP("only root can give a file to a group that it is not in");
    CHECK(chmod(path, 0620) == 0);
    CHECK_OK(tskl_trust_check(path, &t->err)); // root's own
    CHECK(chown(path, (uid_t)-1, SHARED_GROUP) == 0);
    CHECK_STATUS(TSKL_ERR_UNTRUSTED, tskl_trust_check(path, &t->err));
    CHECK(chown(path, SHARED_GROUP, SHARED_GROUP) == 0);
    bool foreign = false;
    CHECK_OK(tskl_trust_check_foreign(path, &foreign, &t->err));
    CHECK(foreign);
}

TEST(trust, does_not_take_an_access_list_for_a_group) {
    // As setfacl -m u:4242:rw writes it: the group's bits are then the mask.
    static const unsigned char list[] = {
        2, 0,    0,    0,    1,    0,    6,    0, 0xff, 0xff, 0xff, 0xff, 2,    0,    6,
        0, 0x92, 0x10, 0,    0,    4,    0,    4, 0,    0xff, 0xff, 0xff, 0xff, 0x10, 0,
        6, 0,    0xff, 0xff, 0xff, 0xff, 0x20, 0, 4,    0,    0xff, 0xff, 0xff, 0xff};
    const char *path = tskl_test_write(t, "a", TSKL_S("hello"));
    if (setxattr(path, "system.posix_acl_access", list, sizeof list, 0) != 0)
        SKIP("this file system has no access lists");
    CHECK_STATUS(TSKL_ERR_UNTRUSTED, tskl_trust_check(path, &t->err));
}

TEST(trust, tells_root_whose_a_file_is_and_lets_only_configuration_be_anothers) {
    tskl_slice text;
    bool foreign = false;
    const char *path = tskl_test_write(t, "a", TSKL_S("hello"));
    if (geteuid() != 0) SKIP("only root can give a file away");
    CHECK(chown(path, 4242, 4242) == 0);
    CHECK_OK(tskl_trust_read_foreign(path, 9, t->arena, &text, &foreign, &t->err));
    CHECK(foreign);
    CHECK_STATUS(TSKL_ERR_UNTRUSTED, tskl_trust_read(path, 9, t->arena, &text, &t->err));
    CHECK(chmod(path, 0602) == 0);
    CHECK_STATUS(TSKL_ERR_UNTRUSTED,
                 tskl_trust_read_foreign(path, 9, t->arena, &text, &foreign, &t->err));
}

TEST(trust, names_all_that_is_at_fault_from_the_root_down) {
    tskl_trust_fault faults[TSKL_TRUST_FAULTS_MAX];
    CHECK(folder(t, "open", 0777) && folder(t, "open/fine", 0700));
    const char *path = tskl_test_write(t, "open/fine/a", TSKL_S("hello"));
    CHECK(chmod(path, 0666) == 0);
    CHECK(tskl_trust_faults(path, t->arena, faults) == 2);
    CHECK_HAS(faults[0].path, "/open");
    CHECK_HAS(faults[1].path, "/open/fine/a");
    CHECK(!faults[0].owned && !faults[1].owned);
    CHECK(tskl_trust_faults(path_of(t, "none"), t->arena, faults) == 0);
}

TEST(trust, leaves_no_command_cut) {
    tskl_slice text;
    char name[180];
    memset(name, 'd', sizeof name - 1);
    name[sizeof name - 1] = 0;
    CHECK(folder(t, name, 0777));
    const char *path = tskl_test_write(t, tskl_arena_printf(t->arena, "%s/a", name), TSKL_S("x"));
    CHECK_STATUS(TSKL_ERR_UNTRUSTED, tskl_trust_read(path, 9, t->arena, &text, &t->err));
    CHECK(!strstr(t->err.message, "chmod go-w") || strstr(t->err.message, path_of(t, name)));
    CHECK(strncmp(t->err.message, "...", 3) == 0);
}

TEST(trust, refuses_what_belongs_to_someone_else) {
    const char *path = tskl_test_write(t, "a", TSKL_S("hello"));
    if (geteuid() != 0) SKIP("only root can give a file away");
    CHECK(chown(path, 4242, 4242) == 0);
    CHECK_STATUS(TSKL_ERR_UNTRUSTED, tskl_trust_check(path, &t->err));
    CHECK_HAS(t->err.message, "/a: not trusted, /");
    CHECK_HAS(t->err.message, "/a belongs to user 4242: run as that user, or chown it");
}

TEST(trust, judges_where_a_link_leads) {
    CHECK(folder(t, "open", 0777));
    const char *there = tskl_test_write(t, "open/a", TSKL_S("hello"));
    const char *fine = tskl_test_write(t, "b", TSKL_S("hello"));
    const char *to_open = path_of(t, "to-open"), *to_fine = path_of(t, "to-fine");
    CHECK(symlink(there, to_open) == 0 && symlink(fine, to_fine) == 0);
    CHECK_STATUS(TSKL_ERR_UNTRUSTED, tskl_trust_check(to_open, &t->err));
    CHECK_OK(tskl_trust_check(to_fine, &t->err));
}

TEST(trust, says_what_is_missing_too_large_or_no_file) {
    tskl_slice text;
    const char *path = tskl_test_write(t, "a", TSKL_S("hello"));
    CHECK_STATUS(TSKL_ERR_NOT_FOUND,
                 tskl_trust_read(path_of(t, "none"), 9, t->arena, &text, &t->err));
    CHECK_STATUS(TSKL_ERR_NOT_FOUND,
                 tskl_trust_read(path_of(t, "a/b"), 9, t->arena, &text, &t->err));
    CHECK_STATUS(TSKL_ERR_LIMIT, tskl_trust_read(path, 4, t->arena, &text, &t->err));
    CHECK_HAS(t->err.message, "/a: has more than 4 bytes");
    CHECK_STATUS(TSKL_ERR_IO, tskl_trust_read(tskl_test_folder(t), 9, t->arena, &text, &t->err));
    CHECK_HAS(t->err.message, "not a file");
    CHECK(mkfifo(path_of(t, "pipe"), 0600) == 0);
    CHECK_STATUS(TSKL_ERR_IO, tskl_trust_read(path_of(t, "pipe"), 9, t->arena, &text, &t->err));
}

TEST(trust, opens_the_folder_that_it_checked) {
    tskl_descriptor opened;
    struct stat found, meant;
    const char *there = folder(t, "here", 0700), *link = path_of(t, "link");
    CHECK(there && symlink(there, link) == 0);
    CHECK_OK(tskl_trust_open_folder(link, NULL, &opened, &t->err));
    CHECK(fstat(opened.fd, &found) == 0 && stat(there, &meant) == 0);
    CHECK(found.st_ino == meant.st_ino);
    tskl_descriptor_close(&opened);
    CHECK_STATUS(TSKL_ERR_IO, tskl_trust_open_folder(tskl_test_write(t, "file", TSKL_S("a")), NULL,
                                                     &opened, &t->err));
    CHECK_HAS(t->err.message, "not a folder");
    CHECK(opened.fd == -1 && folder(t, "here", 0777));
    CHECK_STATUS(TSKL_ERR_UNTRUSTED, tskl_trust_open_folder(link, NULL, &opened, &t->err));
}

/** A link that goes back and forth between two folders while somebody opens what is below it. */
typedef struct exchange {
    const char *folders[2], *link, *next;
    atomic_bool enough;
    atomic_size_t times;
} exchange;

static void *exchange_link(void *arg) {
    exchange *e = arg;
    for (size_t i = 0; !atomic_load(&e->enough); i++)
        if (symlink(e->folders[i % 2], e->next) == 0 && rename(e->next, e->link) == 0)
            atomic_fetch_add(&e->times, 1);
    return NULL;
}

enum { OPENED = 300, ROUNDS = 100000 };

// The folder below is in order in both places: only what stands above it tells them apart, and that
// can be looked at by its name alone.
TEST_ONCE(trust, opens_no_folder_that_was_put_in_place_of_the_one_it_checked) {
    struct stat opened, meant;
    pthread_t thread;
    size_t good = 0, refused = 0, other = 0;
    exchange e = {.folders = {folder(t, "fine", 0700), folder(t, "open", 0777)},
                  .link = path_of(t, "way"),
                  .next = path_of(t, "next")};
    CHECK(e.folders[0] && e.folders[1] && folder(t, "fine/inner", 0700));
    CHECK(folder(t, "open/inner", 0700) && symlink(e.folders[0], e.link) == 0);
    CHECK(stat(path_of(t, "fine/inner"), &meant) == 0);
    const char *asked = path_of(t, "way/inner");
    CHECK(pthread_create(&thread, NULL, exchange_link, &e) == 0);
    for (size_t i = 0; i < ROUNDS && (good < OPENED || refused < OPENED); i++) {
        tskl_descriptor got;
        tskl_status status = tskl_trust_open_folder(asked, NULL, &got, &t->err);
        refused += status == TSKL_ERR_UNTRUSTED;
        if (status != TSKL_OK) continue;
        bool same = fstat(got.fd, &opened) == 0 && opened.st_ino == meant.st_ino;
        good += same;
        other += !same;
        tskl_descriptor_close(&got);
    }
    atomic_store(&e.enough, true);
    pthread_join(thread, NULL);
    CHECK_SAY(other == 0, "another one was opened %zu times", other);
    CHECK(good && atomic_load(&e.times));
}
