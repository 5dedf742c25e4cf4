// way: follows env, shebangs and scripts to what runs a command in the end, and asks what of its
// kind and its words keeps a client out.
// SPDX-License-Identifier: Apache-2.0
#include "way.h"
#include "base/env.h"
#include "base/status.h"
#include "doctor/probe.h"
#include "inside.h"
#include "program.h"
#include "way_language.h"

enum { STEPS_MAX = 8 };

/** A language of which no program is seen, but for what calls by way of libcurl. */
typedef struct other_language {
    const char *program, *name;
    bool versions;        // names that go on with a version are its too: perl5.36
    const char *variable; // by which it loads what the user wants
} other_language;

static const other_language others[] = {
    {"deno", "Deno", false, NULL},      {"bun", "Bun", false, NULL},
    {"bunx", "Bun", false, NULL},       {"java", "Java", false, "JAVA_TOOL_OPTIONS"},
    {"perl", "Perl", true, "PERL5OPT"}, {"dotnet", ".NET", false, "DOTNET_STARTUP_HOOKS"},
    {"mono", ".NET", false, NULL},      {"erl", "Erlang", false, NULL},
    {"elixir", "Elixir", false, NULL},  {"julia", "Julia", false, NULL},
    {"Rscript", "R", false, NULL},      {"lua", "Lua", true, NULL},
};
static const other_language go = {"go", "Go", false, NULL};

static const other_language *other_language_of(const char *base) {
    for (size_t i = 0; i < TSKL_COUNT(others); i++) {
        size_t length = strlen(others[i].program);
        if (strncmp(base, others[i].program, length) != 0) continue;
        if (!base[length] || (others[i].versions && strspn(base + length, "0123456789.")))
            return &others[i];
    }
    return NULL;
}

static bool is_without_client(tskl_ways *ways, const tskl_way_command *c, const tskl_inside *in) {
    const other_language *l = in->go ? &go : other_language_of(tskl_way_base(c->path));
    if (!l) return false;
    const char *loads = l->variable ? tskl_env_lookup(l->variable) : NULL;
    // Somebody's own, as docs/clients.md has it.
    if (loads && strcasestr(loads, "taskless"))
        tskl_way_add(ways, c, TSKL_GOOD, false, NULL, "%s: observed by the client that %s names",
                     c->path, l->variable);
    else
        tskl_way_add(ways, c, TSKL_NOTE, true, NULL,
                     "%s: not observed unless it calls by libcurl: there is no client for %s; what "
                     "it starts is observed",
                     c->path, l->name);
    return true;
}

static void look_at_other(tskl_ways *ways, const tskl_way_command *c) {
    static const tskl_engine unknown = {.major = -1, .minor = -1};
    tskl_inside in = tskl_inside_of(c->path);
    if (in.sea)
        tskl_way_add(ways, c, TSKL_NOTE, false, NULL,
                     "%s: Node.js with an application in it: not observed unless it takes "
                     "NODE_OPTIONS (as it does where execArgvExtension was not set)",
                     c->path);
    else if (is_without_client(ways, c, &in))
        return;
    else if (in.curl && tskl_way_is_open(ways, c, "libcurl", &unknown))
        tskl_way_add(
            ways, c, TSKL_GOOD, false, NULL,
            "%s: observed, for it is linked to libcurl, by LD_PRELOAD; so is what it starts",
            c->path);
    else if (!in.curl)
        tskl_way_add(ways, c, TSKL_NOTE, false, NULL,
                     "%s: not observed unless it loads libcurl, to which it is not linked itself; "
                     "what it starts is observed",
                     c->path);
}

// Where what is looked for cannot be mended in the command.
static bool is_out_of_reach(tskl_ways *ways, const tskl_way_command *c,
                            const tskl_program *program) {
    static const char *const reasons[] = {
        [TSKL_PROGRAM_OTHER] = "not a program of this kind of machine",
        [TSKL_PROGRAM_STATIC] = "linked statically, so that nothing can be put before its libcurl",
        [TSKL_PROGRAM_MUSL] = "linked to musl, which the clients are not",
        [TSKL_PROGRAM_32_BITS] = "a program of 32 bits, which the clients are not",
        [TSKL_PROGRAM_SCRIPT] = NULL,
    };
    // These only start others, and wait for them.
    static const char *const starters[] = {"tini", "tini-static", "dumb-init", "catatonit",
                                           "busybox"};
    const char *reason = reasons[program->kind];
    bool unseen = program->kind != TSKL_PROGRAM_OTHER;
    if (!reason && program->privileged)
        reason = "it runs with more rights than who starts it, and takes no clients along";
    if (!reason) return false;
    for (size_t i = 0; i < TSKL_COUNT(starters); i++)
        if (!strcmp(tskl_way_base(c->path), starters[i])) unseen = false;
    tskl_way_add(ways, c, TSKL_NOTE, unseen, NULL, "%s: %s: its own calls are not observed",
                 c->path, reason);
    return true;
}

// Programs that start another with an environment of its own, or on another machine.
static bool is_elsewhere(tskl_ways *ways, const tskl_way_command *c) {
    static const char *const programs[] = {"sudo",        "doas",    "su",      "ssh",
                                           "docker",      "podman",  "kubectl", "chroot",
                                           "systemd-run", "flatpak", "runuser", "unshare"};
    for (size_t i = 0; i < TSKL_COUNT(programs); i++) {
        if (strcmp(tskl_way_base(c->words[0]), programs[i]) != 0) continue;
        tskl_way_add(ways, c, TSKL_NOTE, false,
                     "put `taskless run --` behind it, before the program that makes the calls",
                     "what it starts may have another environment or other files, without what "
                     "`taskless run` sets");
        return true;
    }
    return false;
}

static void drop_words(tskl_way_command *c, size_t count) {
    size_t total = 0;
    while (c->words[total]) total++;
    if (count > total) count = total;
    memmove(c->words, c->words + count, (total - count + 1) * sizeof *c->words);
}

// env's own words: what follows is the command.
static bool pass_env(tskl_ways *ways, tskl_way_command *c) {
    size_t at = 1;
    for (const char *word; (word = c->words[at]) && (*word == '-' || strchr(word, '=')); at++) {
        if (!strcmp(word, "-i") || !strcmp(word, "-") || !strcmp(word, "--ignore-environment"))
            tskl_way_problem(ways, c, word, "what `taskless run` sets does not reach the program",
                             "put `taskless run --` behind env and its words");
        bool removes = !strcmp(word, "-u");
        if ((removes || !strcmp(word, "-C")) && c->words[at + 1]) at++;
        if (removes || *word != '-') tskl_way_replace(c, c->words[at]);
        if (!strncmp(word, "--unset=", 8)) tskl_way_replace(c, word + 8);
    }
    drop_words(c, at);
    return c->words[0] != NULL;
}

// "#!/usr/bin/env -S python3 -I" of a file: the words that it stands for, and the file.
static bool become_interpreter(tskl_way_command *c, const tskl_program *program,
                               tskl_arena *arena) {
    tskl_way_command next = {.path = NULL};
    memcpy(next.replaced, c->replaced, sizeof next.replaced);
    size_t count = 0;
    tskl_slice line = tskl_slice_of(program->interpreter);
    while (line.len && count < TSKL_WAY_WORDS_MAX) {
        tskl_slice word = tskl_slice_split(&line, ' ');
        if (word.len && !tskl_slice_equal(word, TSKL_S("-S")))
            next.words[count++] = tskl_arena_cstr(arena, word);
    }
    if (count == 0) return false;
    next.words[count++] = c->path;
    for (size_t i = 1; c->words[i] && count < TSKL_WAY_WORDS_MAX; i++)
        next.words[count++] = c->words[i];
    *c = next;
    return c->words[0] != NULL;
}

/** One step towards what runs it; false: that is found, or nothing more is known. */
static bool step(tskl_ways *ways, tskl_way_command *c) {
    const char *name = c->words[0];
    tskl_program program;
    c->path = strchr(name, '/') ? name : tskl_probe_find(name, ways->arena);
    if (!c->path || !tskl_program_look(c->path, &program)) {
        tskl_way_add(ways, c, TSKL_BAD, false, NULL,
                     c->path ? "%s cannot be read" : "%s is not on PATH", name);
        return false;
    }
    if (is_elsewhere(ways, c)) return false;
    if (!strcmp(tskl_way_base(name), "env")) return pass_env(ways, c);
    if (is_out_of_reach(ways, c, &program)) return false;
    if (tskl_way_language(ways, c)) return false;
    // A script under a language's name stands for it, and hands its words on.
    if (program.kind == TSKL_PROGRAM_SCRIPT) return become_interpreter(c, &program, ways->arena);
    look_at_other(ways, c);
    return false;
}

tskl_ways tskl_ways_of(const char *const *words, bool asks, tskl_arena *arena) {
    tskl_ways ways = {.asks = asks, .arena = arena};
    tskl_way_command c = {.path = NULL};
    for (size_t i = 0; words && words[i] && i < TSKL_WAY_WORDS_MAX; i++) c.words[i] = words[i];
    for (int i = 0; c.words[0] && i < STEPS_MAX && step(&ways, &c); i++) {}
    return ways;
}
