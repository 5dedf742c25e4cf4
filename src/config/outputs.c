// SPDX-License-Identifier: Apache-2.0
#include "config/outputs.h"
#include "config/nearest.h"

enum { OUTPUTS_MAX = 16, FD_MAX = 65535 };

// In the order of tskl_format.
static const char *const format_words[] = {"auto", "pretty", "ndjson", "taskless", "stable", NULL};

static const tskl_shape_row rows[] = {
    {.key = "to",
     .kind = TSKL_SHAPE_TEXT,
     .offset = offsetof(tskl_config_output, to),
     .min = 1,
     .required = true},
    {.key = "format",
     .kind = TSKL_SHAPE_WORD,
     .offset = offsetof(tskl_config_output, format),
     .words = format_words},
};
const tskl_shape tskl_output_shape = TSKL_SHAPE(rows);

tskl_status tskl_output_parse_format(tskl_slice text, tskl_format *out, tskl_error *err) {
    tskl_nearest nearest = {.wrong = text};
    *out = TSKL_FORMAT_AUTO;
    if (text.len == 0) return TSKL_OK;
    for (size_t i = 0; format_words[i]; i++) {
        tskl_nearest_offer(&nearest, tskl_slice_of(format_words[i]));
        if (!tskl_slice_equal(text, tskl_slice_of(format_words[i]))) continue;
        *out = (tskl_format)i;
        return TSKL_OK;
    }
    return tskl_fail(err, TSKL_ERR_INVALID,
                     "format \"" TSKL_FMT
                     "\" is none of auto, pretty, ndjson, taskless, stable" TSKL_NEAREST_FMT,
                     TSKL_ARG(tskl_place_short(text)), TSKL_NEAREST_ARG(nearest));
}

bool tskl_output_parse_fd(tskl_slice to, int *fd) {
    uint64_t number;
    *fd = tskl_slice_equal(to, TSKL_S("stdout")) ? 1 : 2;
    if (*fd == 1 || tskl_slice_equal(to, TSKL_S("stderr"))) return true;
    if (!tskl_slice_starts(to, TSKL_S("fd:")) ||
        !tskl_slice_to_u64(tskl_slice_from(to, 3), &number) || number == 0 || number > FD_MAX)
        return false;
    *fd = (int)number;
    return true;
}

static bool names_file(tskl_slice to) {
    return (tskl_slice_starts(to, TSKL_S("file:")) && to.len > 5) ||
           (tskl_slice_starts(to, TSKL_S("har:")) && to.len > 4);
}

// "calls.ndjson" and "./calls" can only be meant as files; "sterr" is rather a slip.
static bool looks_like_path(tskl_slice to) {
    return tskl_slice_contains(to, '/') || (tskl_slice_contains(to, '.') && to.len > 1);
}

static tskl_status fail_unknown(tskl_slice to, tskl_error *err) {
    static const char *const known[] = {"stderr", "stdout", "console"};
    // What follows a scheme may be an address with a password: it is not shown.
    size_t colon = tskl_slice_find(to, ':');
    tskl_slice shown = tskl_slice_first(to, colon == SIZE_MAX ? 64 : colon + 1);
    tskl_nearest nearest = {.wrong = to};
    for (size_t i = 0; i < TSKL_COUNT(known); i++)
        tskl_nearest_offer(&nearest, tskl_slice_of(known[i]));
    return tskl_fail(err, TSKL_ERR_INVALID,
                     "output \"" TSKL_FMT
                     "\" is none of stderr, stdout, fd:N, file:PATH, har:PATH" TSKL_NEAREST_FMT,
                     TSKL_ARG(tskl_place_short(shown)), TSKL_NEAREST_ARG(nearest));
}

// Brings `to` into the form that an output is opened by.
static tskl_status normalize(tskl_slice *to, tskl_arena *arena, tskl_error *err) {
    int fd;
    if (tskl_output_parse_fd(*to, &fd) || names_file(*to)) return TSKL_OK;
    if (tskl_slice_equal(*to, TSKL_S("console")) || tskl_slice_equal(*to, TSKL_S("-"))) {
        *to = TSKL_S("stdout"); // as the older loader, and as many a program, calls it
        return TSKL_OK;
    }
    if (tskl_slice_contains(*to, ':') || !looks_like_path(*to)) return fail_unknown(*to, err);
    const char *kind = tskl_slice_ends(*to, TSKL_S(".har")) ? "har" : "file";
    const char *text = tskl_arena_printf(arena, "%s:" TSKL_FMT, kind, TSKL_ARG(*to));
    if (!text) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for outputs");
    *to = tskl_slice_of(text);
    return TSKL_OK;
}

tskl_status tskl_output_check_entry(const tskl_place *place, void *output, tskl_error *err) {
    tskl_config_output *entry = output;
    tskl_error why;
    tskl_status status = normalize(&entry->to, place->document->arena, &why);
    return status ? tskl_place_fail(err, status, place, "%s", why.message) : TSKL_OK;
}

tskl_status tskl_output_resolve(tskl_config_output *output, const char *folder, tskl_arena *arena,
                                tskl_error *err) {
    if (!names_file(output->to)) return TSKL_OK;
    tskl_slice path = output->to;
    tskl_slice kind = tskl_slice_split(&path, ':');
    if (path.ptr[0] == '/') return TSKL_OK;
    const char *text =
        tskl_arena_printf(arena, TSKL_FMT ":%s/" TSKL_FMT, TSKL_ARG(kind), folder, TSKL_ARG(path));
    if (!text) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for outputs");
    output->to = tskl_slice_of(text);
    return TSKL_OK;
}

static tskl_status parse_list(tskl_slice list, tskl_format format, tskl_arena *arena,
                              tskl_config_output *outputs, size_t count, tskl_error *err) {
    for (size_t i = 0; i < count; i++) {
        tskl_slice to = tskl_slice_trim(tskl_slice_split(&list, ','));
        if (to.len == 0) return tskl_fail(err, TSKL_ERR_INVALID, "output %zu is empty", i + 1);
        if (!tskl_arena_copy(arena, to, &to))
            return tskl_fail(err, TSKL_ERR_NOMEM, "no room for outputs");
        TSKL_TRY(normalize(&to, arena, err));
        outputs[i] = (tskl_config_output){.to = to, .format = format};
    }
    return TSKL_OK;
}

tskl_status tskl_config_parse_outputs(tskl_slice list, tskl_slice format, tskl_arena *arena,
                                      tskl_config_output **outputs, size_t *count,
                                      tskl_error *err) {
    tskl_format parsed;
    *outputs = NULL;
    *count = 0;
    TSKL_TRY(tskl_output_parse_format(format, &parsed, err));
    size_t found = tskl_slice_count(list, ',') + 1;
    if (found > OUTPUTS_MAX)
        return tskl_fail(err, TSKL_ERR_INVALID, "more than %d outputs", OUTPUTS_MAX);
    tskl_config_output *items = tskl_arena_array(arena, tskl_config_output, found);
    if (!items) return tskl_fail(err, TSKL_ERR_NOMEM, "no room for outputs");
    TSKL_TRY(parse_list(list, parsed, arena, items, found, err));
    *outputs = items;
    *count = found;
    return TSKL_OK;
}
