// SPDX-License-Identifier: Apache-2.0
#include "base/descriptor.h"
#include "harness.h"
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static int null_device(void) {
    return open("/dev/null", O_RDWR);
}

static void close_fd(int *fd) {
    if (*fd >= 0) close(*fd);
}

static void limit_descriptors(rlim_t most) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit)) abort();
    limit.rlim_cur = most;
    if (setrlimit(RLIMIT_NOFILE, &limit)) abort();
}

static bool is_closed_in_children(int fd) {
    return (fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0;
}

static int raise_within(rlim_t most, int least) {
    limit_descriptors(most);
    int next = null_device();
    close(next);
    int fd = tskl_descriptor_raise(null_device(), TSKL_DESCRIPTOR_LASTING);
    // The program's next file has the number that it would have without us.
    bool unnoticed = null_device() == next;
    return fd >= least && (rlim_t)fd < most && is_closed_in_children(fd) && unnoticed ? 0 : 1;
}

static int raise_in_1024(void) {
    return raise_within(1024, 768);
}

static int raise_in_256(void) {
    return raise_within(256, 192);
}

static int raise_in_a_million(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit)) abort();
    if (limit.rlim_max < 1 << 20) return 0;
    return raise_within(1 << 20, 24576);
}

TEST_ONCE(descriptor, of_ours_has_a_number_in_the_upper_quarter) {
    CHECK(tskl_test_in_child(raise_in_1024) == 0);
    CHECK(tskl_test_in_child(raise_in_256) == 0);
    CHECK(tskl_test_in_child(raise_in_a_million) == 0);
}

static int raise_without_standard_ones(void) {
    for (int fd = 0; fd <= 2; fd++) close(fd);
    int brief = tskl_descriptor_raise(null_device(), TSKL_DESCRIPTOR_BRIEF);
    int lasting = tskl_descriptor_raise(null_device(), TSKL_DESCRIPTOR_LASTING);
    return brief > 2 && lasting > 2 && null_device() == 0 ? 0 : 1;
}

static int raise_in_little_room(void) {
    close(0);
    limit_descriptors(16);
    for (int fd = 4; fd < 16; fd++)
        if (dup2(1, fd) < 0) return 2; // all but 0 and 3 are taken
    close(3);
    int fd = tskl_descriptor_raise(null_device(), TSKL_DESCRIPTOR_LASTING);
    return fd == 3 && is_closed_in_children(fd) ? 0 : 1;
}

static int raise_in_no_room(void) {
    close(0);
    limit_descriptors(16);
    for (int fd = 3; fd < 16; fd++)
        if (dup2(1, fd) < 0) return 2;
    int fd = tskl_descriptor_raise(null_device(), TSKL_DESCRIPTOR_LASTING);
    return fd == -1 && errno == EMFILE && fcntl(0, F_GETFD) < 0 ? 0 : 1;
}

TEST_ONCE(descriptor, of_ours_is_never_a_standard_one) {
    CHECK(tskl_test_in_child(raise_without_standard_ones) == 0);
    CHECK(tskl_test_in_child(raise_in_little_room) == 0);
    CHECK(tskl_test_in_child(raise_in_no_room) == 0);
}

TEST(descriptor, is_handed_through_where_there_is_none) {
    errno = ENOENT;
    CHECK(tskl_descriptor_raise(-1, TSKL_DESCRIPTOR_BRIEF) == -1 && errno == ENOENT);
}

TEST(descriptor, of_the_programs_is_not_closed_in_place_of_ours) {
    const char *path = tskl_test_write(t, "data", TSKL_S("precious"));
    CHECK(*path);
    tskl_descriptor ours = tskl_descriptor_of(null_device());
    int CLEANUP(close_fd) file = open(path, O_RDWR | O_CLOEXEC);
    CHECK(file >= 0 && dup2(file, ours.fd) == ours.fd);
    tskl_descriptor_close(&ours);
    bool open = fcntl(ours.fd, F_GETFD) >= 0;
    close(ours.fd);
    CHECK(open);
}

TEST(descriptor, is_the_same_only_while_it_is_open) {
    int fd = null_device();
    tskl_descriptor ours = tskl_descriptor_of(fd), never = tskl_descriptor_of(987);
    CHECK(tskl_descriptor_is_same(&ours) && !tskl_descriptor_is_same(&never));
    close(fd);
    CHECK(!tskl_descriptor_is_same(&ours));
}

// Fills it by what it takes at once; one that waits would never come back.
static bool takes_no_more(int fd) {
    static const char noise[1024];
    tskl_descriptor to = tskl_descriptor_of(fd);
    for (int i = 0; i < 100000; i++)
        if (tskl_descriptor_write_at_once(&to, tskl_slice_make(noise, sizeof noise)) < 0)
            return errno == EAGAIN;
    return false;
}

TEST_ONCE(descriptor, that_would_have_to_be_waited_for_is_not_written_to_at_once) {
    int pipes[2], sockets[2];
    CHECK(pipe2(pipes, O_CLOEXEC) == 0);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) == 0);
    bool piped = takes_no_more(pipes[1]), sent = takes_no_more(sockets[1]);
    for (int i = 0; i < 2; i++) {
        close(pipes[i]);
        close(sockets[i]);
    }
    CHECK(piped && sent);
}

static const char *full_path;

static int write_past_a_limit(void) {
    struct rlimit none = {4, 4};
    tskl_descriptor to = tskl_descriptor_of(open(full_path, O_RDWR | O_CLOEXEC));
    if (setrlimit(RLIMIT_FSIZE, &none)) return 2;
    return tskl_descriptor_write_at(&to, TSKL_S("x"), 4) == -1 && errno == EFBIG ? 0 : 1;
}

TEST_ONCE(descriptor, that_may_not_grow_raises_no_signal) {
    full_path = tskl_test_write(t, "full", TSKL_S("full"));
    CHECK(tskl_test_in_child(write_past_a_limit) == 0);
}
