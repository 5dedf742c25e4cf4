// SPDX-License-Identifier: Apache-2.0
//
// What can be told of a command without running it: who runs it in the end, and what of its words
// and its kind keeps a client out.
#include "doctor/doctor.h"
#include "doctor/probe.h"
#include "program.h"
#include <string.h>

enum { STEPS_MAX = 8, WORDS_MAX = 64 };

/** A command on its way to what runs it in the end. */
typedef struct command {
    const char *words[WORDS_MAX + 1]; // the last one NULL
    const char *path;
} command;

static bool starts(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static const char *base_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void problem(tskl_findings *findings, const command *c, const char *word, const char *why,
                    const char *mend) {
    tskl_findings_add(findings, TSKL_BAD, base_of(c->words[0]), mend, "%s: %s", word, why);
}

// Letters of a word such as "-IBc", of which some end what is Python's.
static bool look_at_letters(tskl_findings *findings, const command *c, const char *word) {
    for (const char *letter = word + 1; *letter; letter++) {
        if (strchr("cmWX", *letter)) return strchr("cm", *letter) != NULL;
        if (strchr("IE", *letter))
            problem(findings, c, word,
                    "Python does not look at PYTHONPATH, by which it is observed",
                    "leave it out, or `import taskless.auto` in the program");
        if (*letter == 'S')
            problem(findings, c, word, "Python does not load the client, which is a sitecustomize",
                    "leave it out, or `import taskless.auto` in the program");
    }
    return false;
}

static void look_at_python(tskl_findings *findings, const command *c) {
    for (const char *const *word = c->words + 1; *word && **word == '-'; word++) {
        if ((*word)[1] == '-' || look_at_letters(findings, c, *word)) return;
        // "-W" and "-X" have a word of their own behind them.
        if (strchr("WX", (*word)[strlen(*word) - 1]) && word[1]) word++;
    }
}

static void look_at_node(tskl_findings *findings, const command *c) {
    const char *permission = NULL;
    bool allowed = false;
    for (const char *const *word = c->words + 1; *word && **word == '-'; word++) {
        if (!strcmp(*word, "--permission") || !strcmp(*word, "--experimental-permission"))
            permission = *word;
        allowed |= !strcmp(*word, "--allow-addons");
        if (!strcmp(*word, "--no-addons"))
            problem(findings, c, *word, "the client is an addon", "leave it out");
        // These have a word of their own behind them.
        if ((!strcmp(*word, "-r") || !strcmp(*word, "--require") || !strcmp(*word, "--import")) &&
            word[1])
            word++;
    }
    if (permission && !allowed)
        problem(findings, c, permission, "addons are not allowed, and the client is one",
                "add --allow-addons, and --allow-fs-read for the folder of the client");
}

static void look_at_ruby(tskl_findings *findings, const command *c) {
    for (const char *const *word = c->words + 1; *word && **word == '-'; word++)
        if (starts(*word, "--disable") && (strstr(*word, "rubyopt") || strstr(*word, "all")))
            problem(findings, c, *word, "Ruby does not look at RUBYOPT, by which it is observed",
                    "leave it out, or `require \"taskless/auto\"` in the program");
}

typedef struct language {
    const char *program, *name, *variables;
    void (*look)(tskl_findings *findings, const command *c);
} language;

static const language languages[] = {
    {"python", "Python", "PYTHONPATH", look_at_python},
    {"node", "Node.js", "NODE_OPTIONS", look_at_node},
    {"ruby", "Ruby", "RUBYLIB and RUBYOPT", look_at_ruby},
};

static const language *language_of(const command *c) {
    for (size_t i = 0; i < TSKL_COUNT(languages); i++)
        if (starts(base_of(c->path), languages[i].program)) return &languages[i];
    return NULL;
}

static void look_at_language(tskl_findings *findings, const command *c) {
    size_t problems = findings->problems;
    const language *known = language_of(c);
    if (known) known->look(findings, c);
    if (findings->problems > problems) return;
    if (known)
        tskl_findings_add(findings, TSKL_GOOD, base_of(c->words[0]), NULL,
                          "%s: observed as %s, by %s; so is what it starts", c->path, known->name,
                          known->variables);
    else
        tskl_findings_add(findings, TSKL_GOOD, base_of(c->words[0]), NULL,
                          "%s: observed where it is linked to libcurl, by LD_PRELOAD; so is what "
                          "it starts",
                          c->path);
}

// Where what is looked for cannot be mended in the command.
static bool is_out_of_reach(tskl_findings *findings, const command *c,
                            const tskl_program *program) {
    static const char *const reasons[] = {
        [TSKL_PROGRAM_OTHER] = "not a program of this kind of machine",
        [TSKL_PROGRAM_STATIC] = "linked statically, so that nothing can be put before its libcurl",
        [TSKL_PROGRAM_MUSL] = "linked to musl, which the clients are not",
        [TSKL_PROGRAM_32_BITS] = "a program of 32 bits, which the clients are not",
        [TSKL_PROGRAM_SCRIPT] = NULL,
    };
    const char *reason = reasons[program->kind];
    if (!reason && program->privileged)
        reason = "it runs with more rights than who starts it, and takes no clients along";
    if (reason)
        tskl_findings_add(findings, TSKL_NOTE, base_of(c->words[0]), NULL,
                          "%s: %s: its own calls are not observed", c->path, reason);
    return reason != NULL;
}

// Programs that start another with an environment of its own, or on another machine.
static bool is_elsewhere(tskl_findings *findings, const command *c) {
    static const char *const programs[] = {"sudo",        "doas",    "su",      "ssh",
                                           "docker",      "podman",  "kubectl", "chroot",
                                           "systemd-run", "flatpak", "runuser", "unshare"};
    for (size_t i = 0; i < TSKL_COUNT(programs); i++) {
        if (strcmp(base_of(c->words[0]), programs[i]) != 0) continue;
        tskl_findings_add(
            findings, TSKL_NOTE, programs[i],
            "put `taskless run --` behind it, before the program that makes the calls",
            "what it starts may have another environment or other files, without "
            "what `taskless run` sets");
        return true;
    }
    return false;
}

static void drop_words(command *c, size_t count) {
    size_t total = 0;
    while (c->words[total]) total++;
    if (count > total) count = total;
    memmove(c->words, c->words + count, (total - count + 1) * sizeof *c->words);
}

// env's own words: what follows is the command.
static bool pass_env(tskl_findings *findings, command *c) {
    size_t at = 1;
    for (const char *word; (word = c->words[at]) && (*word == '-' || strchr(word, '=')); at++) {
        if (!strcmp(word, "-i") || !strcmp(word, "-") || !strcmp(word, "--ignore-environment"))
            problem(findings, c, word, "what `taskless run` sets does not reach the program",
                    "put `taskless run --` behind env and its words");
        if (!strcmp(word, "-u") || !strcmp(word, "-C")) at++;
    }
    drop_words(c, at);
    return c->words[0] != NULL;
}

// "#!/usr/bin/env -S python3 -I" of a file: the words that it stands for, and the file.
static bool become_interpreter(command *c, const tskl_program *program, tskl_arena *arena) {
    command next = {.path = NULL};
    size_t count = 0;
    tskl_slice line = tskl_slice_of(program->interpreter);
    while (line.len && count < WORDS_MAX) {
        tskl_slice word = tskl_slice_split(&line, ' ');
        if (word.len && !tskl_slice_equal(word, TSKL_S("-S")))
            next.words[count++] = tskl_arena_cstr(arena, word);
    }
    if (count == 0) return false;
    next.words[count++] = c->path;
    for (size_t i = 1; c->words[i] && count < WORDS_MAX; i++) next.words[count++] = c->words[i];
    *c = next;
    return c->words[0] != NULL;
}

/** One step towards what runs it; false: that is found, or nothing more is known. */
static bool step(tskl_findings *findings, command *c) {
    const char *name = c->words[0];
    tskl_program program;
    c->path = strchr(name, '/') ? name : tskl_probe_find(name, &findings->arena);
    if (!c->path || !tskl_program_look(c->path, &program)) {
        tskl_findings_add(findings, TSKL_BAD, base_of(name), NULL,
                          c->path ? "%s cannot be read" : "%s is not on PATH", name);
        return false;
    }
    if (is_elsewhere(findings, c)) return false;
    if (!strcmp(base_of(name), "env")) return pass_env(findings, c);
    if (is_out_of_reach(findings, c, &program)) return false;
    // A script under a language's name stands for it, and hands its words on.
    if (program.kind == TSKL_PROGRAM_SCRIPT && !language_of(c))
        return become_interpreter(c, &program, &findings->arena);
    look_at_language(findings, c);
    return false;
}

void tskl_doctor_command(tskl_findings *findings, char *const *words, size_t count) {
    command c = {.path = NULL};
    findings->group = "Command";
    for (size_t i = 0; i < count && i < WORDS_MAX; i++) c.words[i] = words[i];
    for (int i = 0; i < STEPS_MAX && step(findings, &c); i++) {}
}
