// SPDX-License-Identifier: Apache-2.0
#include "pack/hostpattern.h"

// A pattern becomes a few steps, and these become places, each of which takes one byte and knows
// the places that may follow it. A match stands at several of them at once, so that no pattern
// takes longer than its length times the host's.

enum {
    DEPTH_MAX = 16,
    REPEAT_MAX = 64,
    SET_BYTES = 16,
    PLACES_MAX = TSKL_HOSTPATTERN_STEPS_MAX,
    ENDING_MAX = 32
};

typedef enum kind { TAKE, SPLIT, JUMP } kind;

typedef struct step {
    uint8_t kind, to, or_to;
    uint8_t set[SET_BYTES]; // of the ASCII bytes that TAKE takes
} step;

typedef struct program {
    step steps[TSKL_HOSTPATTERN_STEPS_MAX];
    uint8_t count; // of them: where they end the host has to
} program;

typedef struct compiler {
    tskl_slice text;
    size_t at;
    unsigned depth;
    const char *problem;
    program *out;
} compiler;

static bool fail(compiler *c, const char *problem) {
    if (!c->problem) c->problem = problem;
    return false;
}

static bool at_end(const compiler *c) {
    return c->at == c->text.len;
}

static bool skip(compiler *c, char byte) {
    if (at_end(c) || c->text.ptr[c->at] != byte) return false;
    c->at++;
    return true;
}

static void add_byte(uint8_t set[SET_BYTES], unsigned char byte) {
    if (byte < 128) set[byte / 8] |= (uint8_t)(1 << byte % 8);
}

static bool has_byte(const uint8_t set[SET_BYTES], unsigned char byte) {
    return byte < 128 && set[byte / 8] >> byte % 8 & 1;
}

static void add_range(uint8_t set[SET_BYTES], unsigned char first, unsigned char last) {
    for (unsigned byte = first; byte <= last; byte++) add_byte(set, (unsigned char)byte);
}

static void invert(uint8_t set[SET_BYTES]) {
    for (size_t i = 0; i < SET_BYTES; i++) set[i] = (uint8_t)~set[i];
}

static void ignore_case(uint8_t set[SET_BYTES]) {
    for (unsigned char byte = 'a'; byte <= 'z'; byte++) {
        unsigned char upper = byte ^ 0x20;
        if (has_byte(set, byte)) add_byte(set, upper);
        if (has_byte(set, upper)) add_byte(set, byte);
    }
}

static step *add_step(compiler *c, kind what) {
    if (c->out->count == TSKL_HOSTPATTERN_STEPS_MAX) {
        fail(c, "the pattern is too large");
        return NULL;
    }
    step *added = &c->out->steps[c->out->count++];
    *added = (step){.kind = (uint8_t)what};
    return added;
}

// Puts a SPLIT before what begins at `start`, which moves up with all that leads into it.
static bool split_before(compiler *c, uint8_t start) {
    if (!add_step(c, SPLIT)) return false;
    step *steps = c->out->steps;
    memmove(steps + start + 1, steps + start, (size_t)(c->out->count - 1 - start) * sizeof *steps);
    steps[start] = (step){.kind = SPLIT, .to = (uint8_t)(start + 1)};
    for (size_t i = start + 1u; i < c->out->count; i++) {
        steps[i].to = (uint8_t)(steps[i].to + (steps[i].to >= start));
        steps[i].or_to = (uint8_t)(steps[i].or_to + (steps[i].or_to >= start));
    }
    return true;
}

// After a '\'. False where it is no single byte, which then is in `set`.
static bool read_escape(compiler *c, uint8_t set[SET_BYTES], unsigned char *byte) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    char escape = at_end(c) ? 0 : c->text.ptr[c->at++];
    *byte = (unsigned char)escape;
    bool digit = escape >= '1' && escape <= '9';
    bool letter = escape && strchr(letters, escape | 0x20) && (escape | 0x20) >= 'a';
    if (!escape || digit || (letter && !strchr("dws", escape))) {
        fail(c, digit ? "back-references are not supported" : "what follows '\\' is not supported");
        return true;
    }
    if (!letter) return true;
    if (escape == 's') {
        add_byte(set, ' ');
        return false;
    }
    add_range(set, '0', '9');
    if (escape == 'w') {
        add_range(set, 'a', 'z');
        add_byte(set, '_');
    }
    return false;
}

// Behind '['.
static bool read_class(compiler *c, uint8_t set[SET_BYTES]) {
    bool inverted = skip(c, '^');
    while (!skip(c, ']')) {
        if (at_end(c)) return fail(c, "']' is missing");
        unsigned char from = (unsigned char)c->text.ptr[c->at++], to;
        if (from == '[' && !at_end(c) && c->text.ptr[c->at] == ':')
            return fail(c, "[: is not supported");
        if (from == '\\' && !read_escape(c, set, &from)) continue;
        to = from;
        bool range =
            c->at + 1 < c->text.len && c->text.ptr[c->at] == '-' && c->text.ptr[c->at + 1] != ']';
        if (range) {
            c->at++;
            to = (unsigned char)c->text.ptr[c->at++];
            if (to == '\\' && !read_escape(c, set, &to)) return fail(c, "a range ends in a class");
        }
        if (c->problem) return false;
        if (to < from) return fail(c, "a range runs backwards");
        add_range(set, from, to);
    }
    ignore_case(set);
    if (inverted) invert(set);
    return true;
}

static bool read_choice(compiler *c);

// Behind '('.
static bool read_group(compiler *c) {
    if (skip(c, '?') && !skip(c, ':')) return fail(c, "of (? only (?: is supported");
    if (++c->depth > DEPTH_MAX) return fail(c, "groups lie too deep");
    if (!read_choice(c)) return false;
    c->depth--;
    return skip(c, ')') || fail(c, "')' is missing");
}

static bool read_atom(compiler *c) {
    uint8_t set[SET_BYTES] = {0};
    unsigned char byte = (unsigned char)c->text.ptr[c->at++];
    if (byte == '(') return read_group(c);
    if (strchr("*+?{", byte)) return fail(c, "there is nothing to repeat");
    if (byte == '.')
        invert(set);
    else if (byte == '[')
        read_class(c, set);
    else if (byte != '\\' || read_escape(c, set, &byte))
        add_byte(set, byte);
    if (c->problem) return false;
    if (byte != '[' && byte != '.') ignore_case(set);
    step *taken = add_step(c, TAKE);
    if (taken) memcpy(taken->set, set, sizeof set);
    return taken != NULL;
}

static bool make_optional(compiler *c, uint8_t start) {
    if (!split_before(c, start)) return false;
    c->out->steps[start].or_to = c->out->count;
    return true;
}

static bool make_endless(compiler *c, uint8_t start) {
    if (!split_before(c, start)) return false;
    step *back = add_step(c, JUMP);
    if (!back) return false;
    back->to = start;
    c->out->steps[start].or_to = c->out->count;
    return true;
}

// Another copy of what `from` holds between `start` and its end.
static bool add_copy(compiler *c, const program *from, uint8_t start) {
    uint8_t moved = (uint8_t)(c->out->count - start);
    for (uint8_t i = start; i < from->count; i++) {
        step *copy = add_step(c, TAKE);
        if (!copy) return false;
        *copy = from->steps[i];
        copy->to = (uint8_t)(copy->to + moved);
        copy->or_to = (uint8_t)(copy->or_to + moved);
    }
    return true;
}

static bool repeat(compiler *c, uint8_t start, unsigned least, unsigned most, bool endless) {
    program once = *c->out;
    c->out->count = start;
    for (unsigned i = 0; i < least; i++)
        if (!add_copy(c, &once, start)) return false;
    for (unsigned i = least; i < (endless ? least + 1 : most); i++) {
        uint8_t copy = c->out->count;
        if (!add_copy(c, &once, start)) return false;
        if (!(endless ? make_endless(c, copy) : make_optional(c, copy))) return false;
    }
    return true;
}

static bool read_number(compiler *c, unsigned *out) {
    size_t start = c->at;
    *out = 0;
    for (; !at_end(c) && c->text.ptr[c->at] >= '0' && c->text.ptr[c->at] <= '9'; c->at++)
        if (*out <= REPEAT_MAX) *out = *out * 10 + (unsigned)(c->text.ptr[c->at] - '0');
    return c->at > start;
}

// Behind '{'.
static bool read_counts(compiler *c, uint8_t start) {
    unsigned least, most;
    if (!read_number(c, &least)) return fail(c, "a number is missing behind '{'");
    bool range = skip(c, ','), bounded = !range || read_number(c, &most);
    if (!range) most = least;
    if (!skip(c, '}')) return fail(c, "'}' is missing");
    if (least > REPEAT_MAX || (bounded && most > REPEAT_MAX))
        return fail(c, "it repeats too often");
    if (bounded && most < least) return fail(c, "it repeats less often than that");
    return repeat(c, start, least, bounded ? most : least, !bounded);
}

static bool read_repeated(compiler *c) {
    uint8_t start = c->out->count;
    if (!read_atom(c)) return false;
    bool made = true;
    if (skip(c, '*'))
        made = make_endless(c, start);
    else if (skip(c, '+'))
        made = repeat(c, start, 1, 1, true);
    else if (skip(c, '?'))
        made = make_optional(c, start);
    else if (skip(c, '{'))
        made = read_counts(c, start);
    else
        return true;
    skip(c, '?'); // a lazy one: which way a match goes makes no difference to whether there is one
    return made;
}

static bool read_sequence(compiler *c) {
    skip(c, '^');
    while (!at_end(c) && !strchr("|)", c->text.ptr[c->at])) {
        if (skip(c, '$')) {
            if (!at_end(c) && !strchr("|)", c->text.ptr[c->at]))
                return fail(c, "'$' is not at an end");
            return true;
        }
        if (c->text.ptr[c->at] == '^') return fail(c, "'^' is not at a beginning");
        if (!read_repeated(c)) return false;
    }
    return true;
}

static bool read_choice(compiler *c) {
    uint8_t start = c->out->count;
    if (!read_sequence(c)) return false;
    while (skip(c, '|')) {
        // "a|b|c" is "(a|b)|c": what was read so far is one of two.
        if (!split_before(c, start)) return false;
        uint8_t jump = c->out->count;
        if (!add_step(c, JUMP)) return false;
        c->out->steps[start].or_to = c->out->count;
        if (!read_sequence(c)) return false;
        c->out->steps[jump].to = c->out->count;
    }
    return true;
}

static bool compile(tskl_slice text, program *out, size_t *at, const char **problem) {
    compiler c = {.text = text, .out = out};
    out->count = 0;
    if (text.len == 0 || text.len > TSKL_HOSTPATTERN_MAX)
        fail(&c, text.len ? "it is too long" : "it is empty");
    else if (tskl_slice_contains(text, 0))
        fail(&c, "it has a zero byte");
    else if (read_choice(&c) && !at_end(&c))
        fail(&c, "')' has no '('");
    *at = c.at;
    *problem = c.problem;
    return !c.problem;
}

typedef struct places {
    uint64_t words[PLACES_MAX / 64];
} places;

typedef struct place {
    uint8_t set[SET_BYTES]; // of the bytes that it takes
    places next;
    bool ends; // the host may end behind it
} place;

struct tskl_hostpattern {
    places first;
    bool takes_empty;
    uint8_t count, ending_length;
    char ending[ENDING_MAX]; // all hosts that it takes end so: most others are known by that
    place items[];
};

/** Where a match may stand among the steps. */
typedef struct front {
    bool has[TSKL_HOSTPATTERN_STEPS_MAX + 1];
    uint8_t items[TSKL_HOSTPATTERN_STEPS_MAX + 1], count;
} front;

static void enter(front *f, uint8_t at) {
    if (f->has[at]) return;
    f->has[at] = true;
    f->items[f->count++] = at;
}

// The places that a match which stands at step `at` may go on with. Items are added while they are
// gone through: each at most once.
static places reach(const program *p, const uint8_t *place_of, uint8_t at, bool *ends) {
    front f = {.count = 0};
    places found = {0};
    enter(&f, at);
    for (uint8_t i = 0; i < f.count; i++) {
        at = f.items[i];
        if (at == p->count) continue;
        if (p->steps[at].kind == TAKE) {
            found.words[place_of[at] / 64] |= UINT64_C(1) << place_of[at] % 64;
            continue;
        }
        enter(&f, p->steps[at].to);
        if (p->steps[at].kind == SPLIT) enter(&f, p->steps[at].or_to);
    }
    *ends = f.has[p->count];
    return found;
}

// The byte that a place takes, but for its case; 0 where it takes others as well.
static char only_byte(const place *at) {
    char only = 0;
    for (unsigned byte = 1; byte < 128; byte++) {
        if (!has_byte(at->set, (unsigned char)byte)) continue;
        char folded = (char)(byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte);
        if (only && folded != only) return 0;
        only = folded;
    }
    return only && !has_byte(at->set, 0) ? only : 0;
}

static bool stands_in(const places *set, uint8_t at) {
    return set->words[at / 64] >> at % 64 & 1;
}

// The only place that leads to `at`, or where a host may end; the count of places where there are
// several, or none.
static uint8_t only_one_before(const tskl_hostpattern *p, uint8_t at) {
    uint8_t found = p->count;
    for (uint8_t i = 0; i < p->count; i++) {
        if (!(at == p->count ? p->items[i].ends : stands_in(&p->items[i].next, at))) continue;
        if (found < p->count) return p->count;
        found = i;
    }
    return found;
}

// From behind, as long as there is one way only.
static void find_ending(tskl_hostpattern *p) {
    uint8_t at = p->takes_empty ? p->count : only_one_before(p, p->count);
    while (at < p->count && p->ending_length < ENDING_MAX) {
        char byte = only_byte(&p->items[at]);
        if (!byte) return;
        p->ending[ENDING_MAX - ++p->ending_length] = byte;
        if (stands_in(&p->first, at)) return;
        at = only_one_before(p, at);
    }
}

static tskl_hostpattern *make_places(const program *p, tskl_arena *arena) {
    uint8_t place_of[TSKL_HOSTPATTERN_STEPS_MAX] = {0}, count = 0;
    for (uint8_t i = 0; i < p->count; i++)
        if (p->steps[i].kind == TAKE) place_of[i] = count++;
    tskl_hostpattern *made =
        tskl_arena_zeroed(arena, 1, sizeof *made + count * sizeof made->items[0]);
    if (!made) return NULL;
    made->count = count;
    made->first = reach(p, place_of, 0, &made->takes_empty);
    for (uint8_t i = 0; i < p->count; i++) {
        if (p->steps[i].kind != TAKE) continue;
        place *into = &made->items[place_of[i]];
        memcpy(into->set, p->steps[i].set, SET_BYTES);
        into->next = reach(p, place_of, (uint8_t)(i + 1), &into->ends);
    }
    find_ending(made);
    return made;
}

static tskl_status read_pattern(tskl_slice text, program *out, tskl_error *err) {
    const char *problem;
    size_t at;
    if (compile(text, out, &at, &problem)) return TSKL_OK;
    return tskl_fail(err, TSKL_ERR_INVALID, "at byte %zu: %s", at, problem);
}

tskl_status tskl_hostpattern_check(tskl_slice text, tskl_error *err) {
    program read;
    return read_pattern(text, &read, err);
}

tskl_status tskl_hostpattern_make(tskl_slice text, tskl_arena *arena, const tskl_hostpattern **out,
                                  tskl_error *err) {
    program read;
    *out = NULL;
    TSKL_TRY(read_pattern(text, &read, err));
    *out = make_places(&read, arena);
    return *out ? TSKL_OK : tskl_fail(err, TSKL_ERR_NOMEM, "out of memory (reading a pattern)");
}

// All that follow the places of `now` that take `byte`. Counts each place of `now` as one step.
static places step_over(const tskl_hostpattern *p, places now, unsigned char byte, bool *ends,
                        size_t *steps) {
    places next = {0};
    *ends = false;
    for (size_t word = 0; word < TSKL_COUNT(now.words); word++)
        for (uint64_t left = now.words[word]; left; left &= left - 1) {
            const place *at = &p->items[word * 64 + (size_t)__builtin_ctzll(left)];
            ++*steps;
            if (!has_byte(at->set, byte)) continue;
            for (size_t i = 0; i < TSKL_COUNT(next.words); i++) next.words[i] |= at->next.words[i];
            *ends |= at->ends;
        }
    return next;
}

// Mostly the last byte tells: this is the application's own time.
static bool has_ending(const tskl_hostpattern *p, tskl_slice host) {
    size_t length = p->ending_length;
    if (length == 0) return true;
    if (host.len < length) return false;
    char last = host.ptr[host.len - 1];
    if (last >= 'A' && last <= 'Z') last |= 0x20;
    if (last != p->ending[ENDING_MAX - 1]) return false;
    return tskl_slice_equal_nocase(tskl_slice_last(host, length),
                                   tskl_slice_make(p->ending + ENDING_MAX - length, length));
}

static __attribute__((noinline)) tskl_hostpattern_answer
match(const tskl_hostpattern *p, tskl_slice host, size_t *steps_left) {
    places now = p->first;
    bool ends = p->takes_empty;
    for (size_t i = 0; i < host.len; i++) {
        size_t steps = 1;
        now = step_over(p, now, (unsigned char)host.ptr[i], &ends, &steps);
        if (steps > *steps_left) {
            *steps_left = 0;
            return TSKL_HOSTPATTERN_OPEN;
        }
        *steps_left -= steps;
        bool stuck = true;
        for (size_t j = 0; j < TSKL_COUNT(now.words); j++) stuck = stuck && !now.words[j];
        if (stuck && i + 1 < host.len) return TSKL_HOSTPATTERN_NO;
    }
    return ends ? TSKL_HOSTPATTERN_YES : TSKL_HOSTPATTERN_NO;
}

tskl_hostpattern_answer tskl_hostpattern_takes(const tskl_hostpattern *p, tskl_slice host,
                                               size_t *steps_left) {
    if (host.len > TSKL_HOSTPATTERN_HOST_MAX) return TSKL_HOSTPATTERN_NO;
    if (*steps_left == 0) return TSKL_HOSTPATTERN_OPEN;
    --*steps_left;
    return has_ending(p, host) ? match(p, host, steps_left) : TSKL_HOSTPATTERN_NO;
}

bool tskl_hostpattern_literal(const tskl_hostpattern *p, char text[TSKL_HOSTPATTERN_MAX],
                              size_t *length) {
    places wanted = p->first;
    *length = p->count;
    if (p->takes_empty) return false;
    for (size_t i = 0; i < p->count; i++) {
        places only = {0};
        only.words[i / 64] = UINT64_C(1) << i % 64;
        if (memcmp(&wanted, &only, sizeof only) != 0) return false;
        if (p->items[i].ends != (i + 1 == p->count)) return false;
        text[i] = only_byte(&p->items[i]);
        if (!text[i]) return false;
        wanted = p->items[i].next;
    }
    return p->count > 0 && memcmp(&wanted, &(places){0}, sizeof wanted) == 0;
}
