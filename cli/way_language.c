// way_language: Python's, Node.js's and Ruby's own words, and whether their clients are here.
// SPDX-License-Identifier: Apache-2.0
#include "way_language.h"
#include "base/env.h"
#include "base/status.h"
#include "inside.h"
#include "installed.h"
#include "node_options.h"
#include "obstacle.h"
#include <stdarg.h>
#include <stdio.h>

static bool starts(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

const char *tskl_way_base(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

void tskl_way_add(tskl_ways *ways, const tskl_way_command *c, tskl_mood mood, bool unseen,
                  const char *mend, const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const char *kept = tskl_arena_cstr(ways->arena, tskl_slice_of(text));
    if (!kept || ways->count == TSKL_WAYS_MAX) return;
    ways->items[ways->count++] = (tskl_way){mood, unseen, tskl_way_base(c->words[0]), kept, mend};
}

void tskl_way_problem(tskl_ways *ways, const tskl_way_command *c, const char *word, const char *why,
                      const char *mend) {
    tskl_way_add(ways, c, TSKL_BAD, true, mend, "%s: %s", word, why);
}

// Letters of a word such as "-IBc", of which some end what is Python's.
static bool look_at_letters(tskl_ways *ways, const tskl_way_command *c, const char *word) {
    for (const char *letter = word + 1; *letter; letter++) {
        if (strchr("cmWX", *letter)) return strchr("cm", *letter) != NULL;
        if (strchr("IE", *letter))
            tskl_way_problem(ways, c, word,
                             "Python does not look at PYTHONPATH, by which it is observed",
                             "leave it out, or `import taskless.auto` in the program");
        if (*letter == 'S')
            tskl_way_problem(ways, c, word,
                             "Python does not load the client, which is a sitecustomize",
                             "leave it out, or `import taskless.auto` in the program");
    }
    return false;
}

static void look_at_python(tskl_ways *ways, const tskl_way_command *c) {
    const char *const *word = c->words + 1;
    for (; *word && **word == '-'; word++) {
        if ((*word)[1] == '-' || look_at_letters(ways, c, *word)) return;
        // "-W" and "-X" have a word of their own behind them.
        if (strchr("WX", (*word)[strlen(*word) - 1]) && word[1]) word++;
    }
    if (*word && tskl_inside_of(*word).pex)
        tskl_way_problem(ways, c, *word,
                         "a PEX starts itself again without PYTHONPATH, by which it is observed",
                         "`import taskless.auto` in the program");
}

/** What Node.js is told of what a program may do. */
typedef struct rights {
    const char *asked; // the word that takes them away, NULL: none does
    bool addons, reading;
} rights;

static bool is_folder_within(const char *allowed, const char *path) {
    size_t length = strlen(allowed);
    while (length && strchr("/*", allowed[length - 1])) length--;
    return !strcmp(allowed, "*") || !strcmp(allowed, "/") ||
           (length && !strncmp(path, allowed, length) && strchr("/", path[length]));
}

// `next` is the word behind it. In a list commas part what may be read.
static void look_at_right(const char *word, const char *next, const char *client, rights *out) {
    if (!strcmp(word, "--permission") || !strcmp(word, "--experimental-permission"))
        out->asked = word;
    out->addons |= !strcmp(word, "--allow-addons");
    if (!starts(word, "--allow-fs-read")) return;
    const char *value = strchr(word, '=');
    tskl_slice list = tskl_slice_of(value ? value + 1 : next);
    while (list.len) {
        char path[PATH_MAX];
        if (tskl_slice_to_cstr(tskl_slice_split(&list, ','), path, sizeof path))
            out->reading |= is_folder_within(path, client);
    }
}

// Options that have a word of their own behind them.
static bool takes_word(const char *word) {
    static const char *const options[] = {"-r", "--require", "--import", "--allow-fs-read",
                                          "--allow-fs-write"};
    for (size_t i = 0; i < TSKL_COUNT(options); i++)
        if (!strcmp(word, options[i])) return true;
    return false;
}

// NODE_OPTIONS as they were count as well.
static rights rights_of(const tskl_way_command *c, const char *client, tskl_arena *arena) {
    rights out = {0};
    tskl_node_word *words = tskl_arena_array(arena, tskl_node_word, TSKL_NODE_WORDS_MAX);
    size_t count = words ? tskl_node_split(tskl_env_lookup("NODE_OPTIONS"), arena, words) : 0;
    for (size_t i = 0; i < count; i++)
        look_at_right(words[i].text, i + 1 < count ? words[i + 1].text : NULL, client, &out);
    for (const char *const *word = c->words + 1; *word && **word == '-'; word++) {
        look_at_right(*word, word[1], client, &out);
        if (takes_word(*word) && word[1]) word++;
    }
    return out;
}

static void look_at_node(tskl_ways *ways, const tskl_way_command *c) {
    char client[PATH_MAX];
    for (const char *const *word = c->words + 1; *word && **word == '-'; word++) {
        if (!strcmp(*word, "--no-addons"))
            tskl_way_problem(ways, c, *word, "the client is an addon", "leave it out");
        if (takes_word(*word) && word[1]) word++;
    }
    if (!tskl_installed_part("lib/taskless/node", client)) return;
    rights given = rights_of(c, client, ways->arena);
    if (!given.asked || (given.addons && given.reading)) return;
    // An older Node.js ends where what it is to require may not be read.
    ways->spare_node = !given.reading;
    tskl_way_problem(ways, c, given.asked,
                     given.addons ? "the client's folder may not be read"
                                  : "addons are not allowed, and the client is one",
                     tskl_arena_printf(ways->arena, "add %s--allow-fs-read=%s",
                                       given.addons ? "" : "--allow-addons ", client));
}

static void look_at_ruby(tskl_ways *ways, const tskl_way_command *c) {
    for (const char *const *word = c->words + 1; *word && **word == '-'; word++)
        if (starts(*word, "--disable") && (strstr(*word, "rubyopt") || strstr(*word, "all")))
            tskl_way_problem(ways, c, *word,
                             "Ruby does not look at RUBYOPT, by which it is observed",
                             "leave it out, or `require \"taskless/auto\"` in the program");
}

typedef struct language {
    const char *program, *name, *variables;
    const char *variable; // without which its client is not loaded
    const char *part;     // where that leads
    void (*look)(tskl_ways *ways, const tskl_way_command *c);
} language;

static const language languages[] = {
    {"python", "Python", "PYTHONPATH", "PYTHONPATH", "lib/taskless/python", look_at_python},
    {"node", "Node.js", "NODE_OPTIONS", "NODE_OPTIONS", "lib/taskless/node", look_at_node},
    {"ruby", "Ruby", "RUBYLIB and RUBYOPT", "RUBYOPT", "lib/taskless/ruby", look_at_ruby},
};
_Static_assert(TSKL_COUNT(languages) == TSKL_WAY_LANGUAGES, "one word of env for each");

void tskl_way_replace(tskl_way_command *c, const char *word) {
    for (size_t i = 0; i < TSKL_COUNT(languages); i++) {
        size_t length = strlen(languages[i].variable);
        if (starts(word, languages[i].variable) && (!word[length] || word[length] == '='))
            c->replaced[i] = word;
    }
}

// A value that names the client, as "src:$PYTHONPATH" does under `taskless run`, keeps it.
static void look_at_replaced(tskl_ways *ways, const tskl_way_command *c, const language *l) {
    char client[PATH_MAX];
    const char *word = c->replaced[l - languages];
    if (!word || !tskl_installed_part(l->part, client) || strstr(word, client)) return;
    tskl_way_problem(ways, c, word,
                     tskl_arena_printf(ways->arena, "env changes %s, by which %s is observed",
                                       l->variable, l->name),
                     "put `taskless run --` behind env and its words");
}

// A runtime by what it is; what only begins with its name, as nodemon does, is mostly a script of
// it.
static const language *language_of(const char *path, const tskl_engine *engine) {
    for (size_t i = 0; i < TSKL_COUNT(languages); i++) {
        const language *l = &languages[i];
        if (engine->language ? !strcmp(engine->language, l->name)
                             : starts(tskl_way_base(path), l->program))
            return l;
    }
    return NULL;
}

// Where a client cannot be loaded it cannot say so itself, or not without waiting: it is said here.
bool tskl_way_is_open(tskl_ways *ways, const tskl_way_command *c, const char *client,
                      const tskl_engine *engine) {
    tskl_obstacle found = tskl_obstacle_of(client, engine, ways->arena);
    if (!found.why) return true;
    if (found.runtime)
        tskl_way_add(ways, c, TSKL_BAD, true, found.mend,
                     "%s: %s: not observed unless it calls by libcurl: %s", c->path, found.runtime,
                     found.why);
    else
        tskl_way_add(ways, c, TSKL_BAD, true, found.mend, "%s: not observed: %s", c->path,
                     found.why);
    return false;
}

bool tskl_way_language(tskl_ways *ways, const tskl_way_command *c) {
    tskl_engine engine = tskl_engine_of(c->path);
    const language *known = language_of(c->path, &engine);
    size_t before = ways->count;
    if (!known) return false;
    if (ways->asks) tskl_engine_ask(&engine, c->path);
    if (!tskl_way_is_open(ways, c, known->name, &engine)) return true;
    known->look(ways, c);
    look_at_replaced(ways, c, known);
    if (ways->count > before) return true;
    tskl_way_add(ways, c, TSKL_GOOD, false, NULL, "%s: observed as %s, by %s; so is what it starts",
                 c->path, known->name, known->variables);
    return true;
}
