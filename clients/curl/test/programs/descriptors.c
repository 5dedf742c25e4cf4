// A program that does with its descriptors and its environment what daemons do, and then makes
// calls. It exits with 9 where it could not, else with what its last call came to.
// SPDX-License-Identifier: Apache-2.0
//
//     descriptors plain URL
//     descriptors cleared URL           without any environment
//     descriptors reused URL N FILE     FILE has the number N before the first call
//     descriptors child URL N FILE      the same in a child of a program that made no call
//     descriptors socket URL N          the socket N is in the place of all others after a call
//     descriptors daemon URL FOLDER     closes all but the first three after a call, and opens its
//     own
#include <curl/curl.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OWN_FILES = 8, MOST_DESCRIPTORS = 65536 };

static size_t ignore(char *bytes, size_t size, size_t count, void *user) {
    (void)bytes, (void)user;
    return size * count;
}

static int call(const char *url) {
    CURL *easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ignore);
    CURLcode code = curl_easy_perform(easy);
    curl_easy_cleanup(easy);
    return (int)code;
}

static void fail(const char *what) {
    perror(what);
    exit(9);
}

static int open_own(const char *path, const char *content) {
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || write(fd, content, strlen(content)) < 0) fail(path);
    return fd;
}

static int reuse(char **args) {
    int fd = open_own(args[2], "DATABASE"), number = atoi(args[1]);
    if (fd != number && (dup2(fd, number) != number || close(fd))) fail(args[2]);
    return call(args[0]);
}

static int in_child(char **args) {
    int status;
    pid_t child = fork();
    if (child == 0) exit(reuse(args));
    if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) fail("child");
    return WEXITSTATUS(status);
}

static int become_daemon(char **args) {
    int code = call(args[0]), files[OWN_FILES];
    usleep(100000); // its record may be written by now, or not
    for (int fd = 3; fd < MOST_DESCRIPTORS; fd++) close(fd);
    for (int i = 0; i < OWN_FILES; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/own%d", args[1], i);
        files[i] = open_own(path, "");
        // As it would be without us: the lowest that is free.
        if (files[i] != 3 + i) return 8;
    }
    for (int i = 0; i < 3; i++) code |= call(args[0]);
    for (int i = 0; i < OWN_FILES; i++)
        if (write(files[i], "mine\n", 5) != 5) fail("own file");
    return code;
}

// As a daemon does that closes what it does not know, and whose connections then have these
// numbers.
static int connect_in_place(char **args) {
    int code = call(args[0]), theirs = atoi(args[1]), count = 0;
    usleep(100000); // its record may be written by now, or not
    for (int fd = 3; fd < MOST_DESCRIPTORS; fd++)
        if (fd != theirs && fcntl(fd, F_GETFD) >= 0) count += dup2(theirs, fd) == fd;
    for (int i = 0; i < 3; i++) code |= call(args[0]);
    return count ? code : 8;
}

int main(int count, char **args) {
    if (count < 3) return 9;
    const char *way = args[1];
    if (strcmp(way, "cleared") == 0) clearenv();
    if (strcmp(way, "reused") == 0 && count == 5) return reuse(args + 2);
    if (strcmp(way, "child") == 0 && count == 5) return in_child(args + 2);
    if (strcmp(way, "socket") == 0 && count == 4) return connect_in_place(args + 2);
    if (strcmp(way, "daemon") == 0 && count == 4) return become_daemon(args + 2);
    return call(args[2]);
}
