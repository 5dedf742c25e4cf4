// SPDX-License-Identifier: Apache-2.0
#include "base/env.h"
#include "base/handover.h"
#include "harness.h"
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static int reuse_standard_error(void) {
    tskl_descriptor before = tskl_handover_descriptor(STDERR_FILENO);
    int ends[2];
    if (pipe(ends) || dup2(ends[1], STDERR_FILENO) < 0) return 2;
    tskl_descriptor after = tskl_handover_descriptor(STDERR_FILENO);
    bool kept = !before.type || tskl_descriptor_matches(&before, &after);
    return kept && !tskl_descriptor_is_same(&after) ? 0 : 1;
}

TEST_ONCE(handover, says_what_a_descriptor_was_at_load_in_a_child_too) {
    CHECK(tskl_test_in_child(reuse_standard_error) == 0);
}

static int open_later(void) {
    int fd = TSKL_NOTED_LOW - 1;
    if (fcntl(fd, F_GETFD) >= 0) return 0; // taken already, by whoever runs the tests
    if (dup2(STDIN_FILENO, fd) != fd) return 2;
    return tskl_handover_descriptor(fd).type == 0 ? 0 : 1;
}

TEST_ONCE(handover, knows_no_descriptor_that_was_opened_since) {
    CHECK(tskl_test_in_child(open_later) == 0);
}

static int take_one(void) {
    static tskl_handover given = {.size = sizeof given,
                                  .environment = "TASKLESS_OUTPUT=file:/x\0HOME=/h\0"};
    int ends[2];
    if (pipe(ends)) return 2;
    given.noted.low[STDERR_FILENO] = tskl_descriptor_of(ends[1]);
    given.noted.low[STDERR_FILENO].fd = STDERR_FILENO;
    tskl_handover_take(&given);
    clearenv();
    tskl_descriptor noted = tskl_handover_descriptor(STDERR_FILENO);
    if (noted.type != S_IFIFO) return 3;
    if (!tskl_env_lookup("HOME") || strcmp(tskl_env_lookup("HOME"), "/h") != 0) return 4;
    return tskl_env_lookup("OME") || tskl_env_lookup("TASKLESS_CONFIG") ? 5 : 0;
}

TEST_ONCE(handover, counts_in_place_of_what_the_library_saw) {
    CHECK(tskl_test_in_child(take_one) == 0);
}

static int take_of_another_version(void) {
    static const tskl_handover smaller = {.size = sizeof smaller - 1, .environment = "A=b\0"};
    tskl_handover_take(&smaller);
    tskl_handover_take(NULL);
    return tskl_handover_variable("A") ? 1 : 0;
}

TEST_ONCE(handover, of_another_size_is_left_alone) {
    CHECK(tskl_test_in_child(take_of_another_version) == 0);
}

static int set_again(void) {
    static const tskl_handover given = {.size = sizeof given, .environment = "PARTNER_KEY=old\0"};
    tskl_handover_take(&given);
    setenv("PARTNER_KEY", "new", 1);
    return strcmp(tskl_env_lookup("PARTNER_KEY"), "new") == 0 ? 0 : 1;
}

TEST_ONCE(handover, stands_behind_what_the_program_sets_for_a_pack) {
    CHECK(tskl_test_in_child(set_again) == 0);
}

static int open_high(void) {
    int fd = fcntl(STDIN_FILENO, F_DUPFD, 300);
    if (fd < 300) return 2;
    return tskl_handover_descriptor(fd).type || tskl_handover_looked_at(fd) ? 1 : 0;
}

TEST_ONCE(handover, does_not_take_a_number_that_was_not_looked_at_for_what_it_is_now) {
    CHECK(tskl_test_in_child(open_high) == 0);
    CHECK(tskl_handover_looked_at(0) && tskl_handover_looked_at(TSKL_NOTED_LOW - 1));
    CHECK(!tskl_handover_looked_at(-1) && !tskl_handover_looked_at(TSKL_NOTED_LOW));
}

TEST(noted, is_what_an_output_names_above_the_low_numbers) {
    static tskl_noted noted;
    tskl_descriptor found;
    int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 200);
    CHECK(fd >= 200);
    const char *list = tskl_arena_printf(t->arena, "stderr,fd:%d,file:/x/fd:,fd:9", fd);
    CHECK(list);
    tskl_noted_take(&noted, list);
    close(fd);
    CHECK(tskl_noted_find(&noted, fd, &found) && found.type && found.fd == fd);
    CHECK(!tskl_noted_find(&noted, fd + 1, &found) && noted.named_count == 1);
    CHECK(tskl_noted_find(&noted, 0, &found) && found.fd == 0);
}

TEST(noted, has_room_for_all_that_may_be_named_and_not_for_parts_of_paths) {
    static tskl_noted noted;
    tskl_descriptor found;
    tskl_noted_take(&noted,
                    "file:/fd:100/fd:101/fd:102/fd:103/fd:104/fd:105/fd:106/fd:107/fd:108/fd:109,"
                    "fd:41,fd:42, fd:43 ,\tfd:44,fd:45,fd:46,fd:47,fd:48,fd:49,fd:50,fd:51,fd:52,"
                    "fd:53,fd:54,fd:55,fd:56,fd:57");
    CHECK(noted.named_count == TSKL_NOTED_NAMED && !tskl_noted_find(&noted, 100, &found));
    for (int fd = 41; fd <= 56; fd++) CHECK_ROW(fd, tskl_noted_find(&noted, fd, &found));
}
