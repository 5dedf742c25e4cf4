// SPDX-License-Identifier: Apache-2.0
#include "engine.h"
#include "harness.h"
#include "obstacle.h"
#include "program.h"
#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static void check_known(tskl_test *t, const char *expected, const char *got) {
    CHECK((expected != NULL) == (got != NULL));
    if (expected && got) CHECK_TEXT(tskl_slice_of(expected), tskl_slice_of(got));
}

// None of these is there: it is told by the name alone.
TEST(engine, is_told_by_the_name_of_a_program) {
    static const struct {
        const char *path, *language, *other;
        long major, minor;
        bool free_threaded;
    } rows[] = {
        {"/none/python", "Python", NULL, -1, -1, false},
        {"/none/python2", "Python", NULL, 2, -1, false},
        {"/none/python3.8", "Python", NULL, 3, 8, false},
        {"/none/python-3.12", "Python", NULL, 3, 12, false},
        {"/none/python3.7m", "Python", NULL, 3, 7, false},
        {"/none/python3.13t", "Python", NULL, 3, 13, true},
        {"/none/python3.14td", "Python", NULL, 3, 14, true},
        {"/none/python3.13-nogil", "Python", NULL, 3, 13, true},
        {"/none/pypy3.10-c", "Python", "PyPy", -1, -1, false},
        {"/none/graalpy", "Python", "GraalPy", -1, -1, false},
        {"/none/ruby3.3", "Ruby", NULL, 3, 3, false},
        {"/none/jruby", "Ruby", "JRuby", -1, -1, false},
        {"/none/truffleruby", "Ruby", "TruffleRuby", -1, -1, false},
        {"/none/nodejs", "Node.js", NULL, -1, -1, false},
        {"/none/node-18", "Node.js", NULL, 18, -1, false},
        {"/none/nodemon", NULL, NULL, -1, -1, false},
        {"/none/python3-config", NULL, NULL, -1, -1, false},
        {"/none/pypystats", NULL, NULL, -1, -1, false},
        {"/none/rubyist", NULL, NULL, -1, -1, false},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_engine got = tskl_engine_of(rows[i].path);
        check_known(t, rows[i].language, got.language);
        check_known(t, rows[i].other, got.other);
        CHECK(got.major == rows[i].major && got.minor == rows[i].minor);
        CHECK(got.free_threaded == rows[i].free_threaded);
    }
}

TEST(engine, believes_what_a_program_says_of_itself) {
    static const struct {
        const char *answer, *other;
        long major, minor;
        bool free_threaded;
    } rows[] = {
        {"Python 3.11.2 (main, Apr 28 2025) [GCC 12.2.0]\n", NULL, 3, 11, false},
        {"Python 2.7.18\n", NULL, 2, 7, false},
        {"Python 3.13.0 experimental free-threading build (main)\n", NULL, 3, 13, true},
        {"Python 3.10.13 (fc59e61cfbff)\n[PyPy 7.3.13 with GCC 10.2.1]\n", "PyPy", 3, 9, true},
        {"v16.20.2\n", NULL, 16, 20, false},
        {"ruby 3.1.2p20 (2022-04-12 revision 4491bb740a)\n", NULL, 3, 1, false},
        {"jruby 9.4.2.0 (3.1.0) 2023-03-08\n", "JRuby", 3, 9, true},
        {"truffleruby 23.1.1, like ruby 3.2.2, GraalVM CE\n", "TruffleRuby", 3, 9, true},
        {"verbose\n", "PyPy", 3, 9, true}, // an answer of no kind that is known
        {"", "PyPy", 3, 9, true},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        tskl_engine got = {"Python", i < 8 ? NULL : "PyPy", 3, 9, true};
        tskl_engine_hear(&got, rows[i].answer);
        check_known(t, rows[i].other, got.other);
        CHECK(got.major == rows[i].major && got.minor == rows[i].minor);
        CHECK(got.free_threaded == rows[i].free_threaded);
    }
}

// The head of an ELF file of this machine, with one segment that is as long as the file was.
TEST(engine, finds_a_library_that_is_cut_short) {
    char path[] = "/tmp/taskless-test-XXXXXX", bytes[8192];
    tskl_program whole, cut;
    int fd = mkstemp(path), from = open("/proc/self/exe", O_RDONLY);
    CHECK(fd >= 0 && from >= 0);
    CHECK(read(from, bytes, sizeof bytes) == (ssize_t)sizeof bytes);
    Elf64_Ehdr *head = (Elf64_Ehdr *)bytes;
    Elf64_Phdr *segment = (Elf64_Phdr *)(bytes + sizeof *head);
    head->e_phoff = sizeof *head;
    head->e_phnum = 1;
    *segment = (Elf64_Phdr){.p_type = PT_LOAD, .p_filesz = sizeof bytes};
    CHECK(write(fd, bytes, sizeof bytes) == (ssize_t)sizeof bytes);
    CHECK(tskl_program_look(path, &whole) && whole.kind == TSKL_PROGRAM_STATIC);
    CHECK(ftruncate(fd, 4096) == 0);
    CHECK(tskl_program_look(path, &cut) && cut.kind == TSKL_PROGRAM_OTHER);
    close(from);
    close(fd);
    unlink(path);
}
