// Files that are written while the program closes descriptors that it does not know, and puts its
// own in their places.
// SPDX-License-Identifier: Apache-2.0
#include "harness.h"
#include "store/code_entry.h"
#include "store/folder.h"
#include "store/group.h"
#include "store/write.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// What a program does in between: the next of these calls does it first.
static int programs = -1, reused = -1;
static long calls_until;

static bool is_time(void) {
    return programs >= 0 && calls_until-- == 0;
}

static void reuse(int fd) {
    dup2(programs, fd);
    reused = fd;
    programs = -1;
}

// These stand before the C library's in this program, and do the same.
ssize_t write(int fd, const void *bytes, size_t count) {
    if (!is_time()) return syscall(SYS_write, fd, bytes, count);
    // A write may always do less than it was asked for.
    ssize_t written = syscall(SYS_write, fd, bytes, (size_t)1);
    reuse(fd);
    return written;
}

int fsync(int fd) {
    int done = (int)syscall(SYS_fsync, fd);
    if (is_time()) reuse(fd);
    return done;
}

static void close_fd(int *fd) {
    if (*fd >= 0) close(*fd);
}

static int open_folder(const char *path) {
    return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static size_t count_files(const char *path) {
    size_t count = 0;
    DIR *folder = opendir(path);
    while (folder && readdir(folder)) count++;
    if (folder) closedir(folder);
    return count - 2;
}

static const tskl_slice parts[] = {TSKL_LIT("header"), TSKL_LIT("code")};

TEST_ONCE(store_write, leaves_alone_what_the_program_has_in_place_of_its_file) {
    // In the first write, before the second part, and when all of it is on disk.
    for (long at = 0; at < 3; at++) {
        const char *folder = tskl_arena_printf(t->arena, "%s/%ld", tskl_test_folder(t), at);
        const char *data = tskl_test_write(t, "data", TSKL_S("precious"));
        CHECK(*data && folder && mkdir(folder, 0700) == 0);
        int CLEANUP(close_fd) fd = open_folder(folder);
        int CLEANUP(close_fd) own = open(data, O_RDWR | O_APPEND | O_CLOEXEC);
        tskl_descriptor to = tskl_descriptor_of(fd);
        struct stat before, after;
        CHECK(fstat(own, &before) == 0 && fchmod(own, 0640) == 0 && fstat(own, &before) == 0);
        programs = own;
        reused = -1;
        calls_until = at;
        tskl_status status = tskl_store_write(&to, "entry", parts, TSKL_COUNT(parts), &t->err);
        bool happened = programs == -1 && reused >= 0;
        programs = -1;
        CHECK_ROW(at, happened && status == TSKL_ERR_IO);
        bool kept = fcntl(reused, F_GETFD) >= 0;
        close(reused);
        CHECK_ROW(at, kept && fstat(own, &after) == 0);
        CHECK_ROW(at, after.st_size == before.st_size && after.st_mode == before.st_mode);
        CHECK_ROW(at, count_files(folder) == 0);
    }
}

TEST_ONCE(store_write, writes_into_no_folder_that_the_program_has_in_its_place) {
    const char *ours = tskl_arena_printf(t->arena, "%s/ours", tskl_test_folder(t));
    const char *other = tskl_arena_printf(t->arena, "%s/other", tskl_test_folder(t));
    CHECK(ours && other && mkdir(ours, 0700) == 0 && mkdir(other, 0700) == 0);
    int CLEANUP(close_fd) fd = open_folder(ours), CLEANUP(close_fd) own = open_folder(other);
    tskl_descriptor to = tskl_descriptor_of(fd);
    tskl_code code;
    CHECK_OK(tskl_store_write(&to, "entry", parts, TSKL_COUNT(parts), &t->err));
    CHECK(count_files(ours) == 1 && dup2(own, fd) == fd);
    CHECK_STATUS(TSKL_ERR_IO, tskl_store_write(&to, "entry", parts, TSKL_COUNT(parts), &t->err));
    CHECK_STATUS(TSKL_ERR_IO, tskl_code_entry_map(&to, "entry", &code, &t->err));
    CHECK(count_files(other) == 0 && count_files(ours) == 1);
}

TEST_ONCE(descriptor, of_the_programs_is_not_read_in_place_of_ours) {
    const char *data = tskl_test_write(t, "data", TSKL_S("precious"));
    int CLEANUP(close_fd) fd = open(data, O_RDONLY | O_CLOEXEC);
    char room[16];
    int ends[2];
    CHECK(fd >= 0 && pipe2(ends, O_CLOEXEC) == 0);
    tskl_descriptor file = tskl_descriptor_of(fd);
    CHECK(tskl_descriptor_read_at(&file, room, sizeof room, 3) == 5);
    // What waits in a pipe of the program's is not read in the file's place.
    ssize_t wrote = write(ends[1], "theirs", 6);
    bool put = dup2(ends[0], fd) == fd;
    ssize_t got = tskl_descriptor_read_at(&file, room, sizeof room, 0);
    int why = errno;
    ssize_t left = read(ends[0], room, sizeof room);
    close(ends[0]);
    close(ends[1]);
    CHECK(wrote == 6 && put && got == -1 && why == EBADF && left == 6);
}

// With 0 as the only number that is left: what may not stay there is not opened at all.
static bool leave_only_the_first(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit)) return false;
    limit.rlim_cur = 16;
    for (int fd = 3; fd < 16; fd++)
        if (dup2(STDOUT_FILENO, fd) < 0) return false;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0 && close(0) == 0;
}

static int open_with_the_first_alone(const char *folder) {
    int fd;
    if (!tskl_group_is_private(0, 0)) return 0; // /etc/passwd is of another kind here
    if (!leave_only_the_first()) return 2;
    if (tskl_group_is_private(0, 0)) return 3;
    if (tskl_folder_open(AT_FDCWD, folder, &fd, NULL) == TSKL_OK) return 4;
    return fcntl(0, F_GETFD) < 0 ? 0 : 5;
}

TEST_ONCE(store, keeps_no_standard_descriptor_open) {
    const char *folder = tskl_test_folder(t);
    int status = -1;
    pid_t child = fork();
    if (child == 0) _exit(open_with_the_first_alone(folder));
    CHECK(waitpid(child, &status, 0) == child);
    CHECK_SAY(status == 0, "the child ended with %d", WEXITSTATUS(status));
}
