// SPDX-License-Identifier: Apache-2.0
#include "engine.h"
#include "base/status.h"
#include "doctor/probe.h"
#include "inside.h"
#include <ctype.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ANSWER_MS = 10 * 1000, ANSWER_MAX = 1024, FOLDERS_MAX = 3, HEADER_MAX = 4096 };

static const struct {
    const char *name, *language, *other;
} programs[] = {
    {"python", "Python", NULL},       {"node", "Node.js", NULL},
    {"ruby", "Ruby", NULL},           {"pypy", "Python", "PyPy"},
    {"graalpy", "Python", "GraalPy"}, {"jython", "Python", "Jython"},
    {"jruby", "Ruby", "JRuby"},       {"truffleruby", "Ruby", "TruffleRuby"},
};

static bool starts(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

// "3.8", "16.20.0"; where there is a digit at all. What follows it.
static const char *read_version(const char *text, tskl_engine *engine) {
    if (!isdigit((unsigned char)*text)) return text;
    char *end;
    engine->major = strtol(text, &end, 10);
    if (*end == '.' && isdigit((unsigned char)end[1])) engine->minor = strtol(end + 1, &end, 10);
    return end + strspn(end, ".0123456789");
}

// What follows a language's own name: "3.13t", "-v16.20.0-linux-x64", "js", "3.8.so.1.0". Another
// name that only begins the same, as python-config and nodemon do, is another program's.
static bool read_rest(const char *rest, bool folder, tskl_engine *engine) {
    if (!strcmp(engine->language, "Node.js") && starts(rest, "js")) rest += 2;
    if (starts(rest, "-v")) rest++;
    if (*rest == '-' && isdigit((unsigned char)rest[1])) rest++;
    if (*rest == 'v' && isdigit((unsigned char)rest[1])) rest++;
    bool plain = *rest == 0 || starts(rest, ".so");
    if (starts(rest, ".so.")) rest += strlen(".so.");
    const char *end = read_version(rest, engine);
    if (end == rest) return plain;
    size_t flags = strspn(end, "dmtu"); // how it was built, as Python's sys.abiflags has it
    bool nogil = !strcmp(end, "-nogil");
    engine->free_threaded = nogil || memchr(end, 't', flags);
    end += flags;
    return *end == 0 || nogil || (folder && *end == '-') || starts(end, ".so");
}

/** Reads the name of a program, of a library without its "lib", or of a `folder`, which goes on. */
static tskl_engine engine_of_name(const char *name, bool folder) {
    for (size_t i = 0; i < TSKL_COUNT(programs); i++) {
        if (!starts(name, programs[i].name)) continue;
        const char *rest = name + strlen(programs[i].name);
        tskl_engine engine = {programs[i].language, programs[i].other, -1, -1, false};
        // These number themselves in ways of their own, which do not matter.
        if (engine.other ? !isalpha((unsigned char)*rest) : read_rest(rest, folder, &engine))
            return engine;
    }
    return (tskl_engine){.major = -1, .minor = -1};
}

/** Takes what `other` knows and `engine` does not, where both are of one language. */
static void learn(tskl_engine *engine, tskl_engine other) {
    if (!other.language || (engine->language && strcmp(engine->language, other.language) != 0))
        return;
    if (engine->language && engine->minor >= 0) return;
    engine->language = other.language;
    if (!engine->other) engine->other = other.other;
    if (other.major < 0 || (engine->major >= 0 && engine->major != other.major)) return;
    engine->major = other.major;
    engine->minor = other.minor;
    engine->free_threaded |= other.free_threaded;
}

// Such as ~/.rbenv/versions/3.0.6, .../versions/node/v16.20.0, installs/ruby/3.0.6,
// /opt/node-v16.20.0-linux-x64. A folder that is only a number may be another program's.
static void look_at_folders(tskl_engine *engine, char *path) {
    static const char *const above[] = {"versions", "installs", "Cellar", "toolcache"};
    for (int i = 0; i < FOLDERS_MAX; i++) {
        char *slash = strrchr(path, '/');
        if (!slash) return;
        *slash = 0;
        const char *name = strrchr(path, '/');
        if (!name++) return;
        learn(engine, engine_of_name(name, true));
        const char *number = *name == 'v' ? name + 1 : name;
        if (!strchr(number, '.') || number[strspn(number, ".0123456789")]) continue;
        tskl_engine said = {.language = engine->language, .major = -1, .minor = -1};
        (void)read_version(number, &said);
        for (size_t k = 0; k < TSKL_COUNT(above); k++)
            if (strstr(path, above[k])) learn(engine, said);
    }
}

// A library of Node.js is numbered by its binary interface. Those before 18.
static void learn_of_library(tskl_engine *engine, const char *library) {
    static const long node[][2] = {{64, 10}, {72, 12}, {83, 14}, {93, 16}};
    if (!starts(library, "lib")) return;
    tskl_engine said = engine_of_name(library + strlen("lib"), false);
    if (said.language && !strcmp(said.language, "Node.js")) {
        long number = said.major;
        said.major = -1;
        for (size_t i = 0; i < TSKL_COUNT(node); i++)
            if (node[i][0] == number) said.major = node[i][1];
    }
    learn(engine, said);
}

// Node.js brings its headers along: <prefix>/include/node for <prefix>/bin/node.
static void look_at_node_header(tskl_engine *engine, const char *real) {
    static const char define[] = "#define NODE_MAJOR_VERSION ";
    char path[PATH_MAX], text[HEADER_MAX] = "";
    const char *bin = strstr(real, "/bin/");
    if (!bin || snprintf(path, sizeof path, "%.*s/include/node/node_version.h", (int)(bin - real),
                         real) >= (int)sizeof path)
        return;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return;
    ssize_t got = read(fd, text, sizeof text - 1);
    close(fd);
    const char *found = got > 0 ? strstr(text, define) : NULL;
    if (found) engine->major = strtol(found + strlen(define), NULL, 10);
}

static const char *base_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

tskl_engine tskl_engine_of(const char *path) {
    char real[PATH_MAX];
    tskl_engine engine = {.major = -1, .minor = -1};
    bool found = realpath(path, real) != NULL;
    // What a link leads to knows better than the link.
    if (found) engine = engine_of_name(base_of(real), false);
    learn(&engine, engine_of_name(base_of(path), false));
    if (!engine.language || engine.other || !found) return engine;
    if (engine.minor < 0) learn_of_library(&engine, tskl_inside_of(path).runtime);
    bool node = !strcmp(engine.language, "Node.js");
    if (node && engine.major < 0) look_at_node_header(&engine, real);
    if (node ? engine.major < 0 : engine.minor < 0) look_at_folders(&engine, real);
    return engine;
}

void tskl_engine_number(tskl_engine *engine, const char *version) {
    (void)read_version(version, engine);
}

void tskl_engine_hear(tskl_engine *engine, const char *answer) {
    static const char *const before[] = {"Python ", "ruby ", "v"};
    for (size_t i = 0; i < TSKL_COUNT(programs); i++) {
        if (!programs[i].other || !strcasestr(answer, programs[i].other)) continue;
        engine->other = programs[i].other;
        return;
    }
    for (size_t i = 0; i < TSKL_COUNT(before); i++) {
        const char *number = answer + strlen(before[i]);
        if (!starts(answer, before[i]) || !isdigit((unsigned char)*number)) continue;
        engine->other = NULL;
        engine->minor = -1;
        (void)read_version(number, engine);
        engine->free_threaded = strstr(answer, "free-threading") != NULL;
        return;
    }
}

void tskl_engine_ask(tskl_engine *engine, const char *path) {
    extern char **environ;
    if (!engine->language) return;
    // Python says how it was built only when it is asked twice.
    bool python = !strcmp(engine->language, "Python");
    char *argv[] = {(char *)path, python ? "-VV" : "--version", NULL}, answer[ANSWER_MAX];
    tskl_probe probe;
    if (tskl_probe_run(argv, environ, ANSWER_MS, &probe) && probe.exit_code == 0 &&
        tskl_slice_to_cstr(tskl_slice_first(tskl_buf_slice(&probe.output), ANSWER_MAX - 1), answer,
                           sizeof answer))
        tskl_engine_hear(engine, answer);
    tskl_buf_deinit(&probe.output);
}
