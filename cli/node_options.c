// node_options: takes NODE_OPTIONS apart as Node.js does, so that putting them together again
// changes nothing of what they mean.
// SPDX-License-Identifier: Apache-2.0
#include "node_options.h"
#include "base/buf.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include <stdlib.h>

enum { OPTIONS_MAX = 1024 * 1024 };

/** Words, and of each whether it belongs to an option that requires. */
typedef struct split {
    tskl_node_word words[TSKL_NODE_WORDS_MAX];
    const char *required[TSKL_NODE_WORDS_MAX]; // by the place of the option's first word
    bool moved[TSKL_NODE_WORDS_MAX];
    size_t count;
} split;

/** One word from `at` on, decoded to `text`; the place behind it, or NULL: it does not end. */
static const char *read_word(const char *at, char *text) {
    bool quoted = false;
    for (; *at && (quoted || *at != ' '); at++) {
        if (*at == '"') {
            quoted = !quoted;
            continue;
        }
        if (*at == '\\' && quoted && !*++at) return NULL;
        *text++ = *at;
    }
    *text = 0;
    return quoted ? NULL : at;
}

size_t tskl_node_split(const char *options, tskl_arena *arena,
                       tskl_node_word words[TSKL_NODE_WORDS_MAX]) {
    size_t count = 0;
    for (const char *at = options; at && *at;) {
        if (*at == ' ') {
            at++;
            continue;
        }
        char *text = tskl_arena_take(arena, strlen(at) + 1);
        const char *end = text ? read_word(at, text) : NULL;
        if (!end || count == TSKL_NODE_WORDS_MAX) return 0;
        words[count++] = (tskl_node_word){{at, (size_t)(end - at)}, text};
        at = end;
    }
    return count;
}

// "--require FILE", "-r FILE" or "--require=FILE". What Node.js refuses, a name that it would first
// have to unescape, and one that is no text stay where they are.
static size_t find_required(split *s, size_t at) {
    static const char with_value[] = "--require=";
    const char *text = s->words[at].text, *value = NULL;
    size_t used = 1;
    if (strncmp(text, with_value, sizeof with_value - 1) == 0) {
        value = text + sizeof with_value - 1;
    } else if ((!strcmp(text, "--require") || !strcmp(text, "-r")) && at + 1 < s->count) {
        value = s->words[at + 1].text;
        used = 2;
    }
    if (!value || !*value || strchr("-\\", *value) || !tskl_utf8_valid(tskl_slice_of(value)))
        return 1;
    s->required[at] = value;
    for (size_t i = 0; i < used; i++) s->moved[at + i] = true;
    return used;
}

static split *read_options(const char *options, tskl_arena *arena) {
    split *s = tskl_arena_new(arena, split);
    if (!s) return NULL;
    s->count = tskl_node_split(options, arena, s->words);
    for (size_t at = 0; at < s->count;) at += find_required(s, at);
    return s;
}

static void add_quoted(tskl_buf *text, const char *path) {
    tskl_buf_byte(text, '"');
    for (const char *c = path; *c; c++) {
        if (*c == '"' || *c == '\\') tskl_buf_byte(text, '\\');
        tskl_buf_byte(text, *c);
    }
    tskl_buf_byte(text, '"');
}

static void add_word(tskl_buf *text, tskl_slice word) {
    tskl_buf_byte(text, ' ');
    tskl_buf_add(text, word);
}

const char *tskl_node_options(const char *old, const char *path, tskl_arena *arena) {
    split *s = read_options(old, arena);
    if (!s) return NULL;
    tskl_buf text;
    tskl_buf_init(&text, OPTIONS_MAX);
    // With "=": a launcher that is told of another file beside it then takes that one alone, as it
    // would without us, in place of a name joined from both.
    tskl_buf_add(&text, TSKL_S("--require="));
    if (strpbrk(path, " \t\"\\"))
        add_quoted(&text, path);
    else
        tskl_buf_add(&text, tskl_slice_of(path));
    for (size_t i = 0; i < s->count; i++)
        if (!s->moved[i]) add_word(&text, s->words[i].raw);
    // What cannot be read here Node.js refuses: it is to say so itself.
    if (s->count == 0 && old && *old) add_word(&text, tskl_slice_of(old));
    const char *joined = text.failed ? NULL : tskl_arena_cstr(arena, tskl_buf_slice(&text));
    tskl_buf_deinit(&text);
    return joined;
}

const char *tskl_node_required(const char *before, const char *options, const char *path,
                               tskl_arena *arena) {
    split *s = read_options(options, arena);
    if (!s) return NULL;
    tskl_slice list = tskl_slice_of(before && *before == '[' ? before : "");
    tskl_buf text;
    tskl_buf_init(&text, OPTIONS_MAX);
    // Without its bracket, to go on behind it.
    if (list.len > 2) tskl_buf_add(&text, tskl_slice_first(list, list.len - 1));
    for (size_t i = 0; i < s->count; i++) {
        if (!s->required[i] || !strcmp(s->required[i], path)) continue;
        tskl_buf_byte(&text, text.len ? ',' : '[');
        tskl_json_add_string(&text, tskl_slice_of(s->required[i]));
    }
    if (text.len) tskl_buf_byte(&text, ']');
    const char *joined = text.failed ? NULL : tskl_arena_cstr(arena, tskl_buf_slice(&text));
    tskl_buf_deinit(&text);
    return joined;
}
