// multipart/...: the parts of a form that a browser or an upload sends, of a mail, of a batch.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/masker.h"

// Without the blanks and the quotes around it.
static tskl_slice parameter_value(tskl_slice rest) {
    rest = tskl_slice_first(rest, tskl_slice_find(rest, '\n'));
    bool quoted = rest.len && (rest.ptr[0] == '"' || rest.ptr[0] == '\'');
    char end = quoted ? rest.ptr[0] : ';';
    if (quoted) rest = tskl_slice_from(rest, 1);
    return tskl_slice_trim(tskl_slice_first(rest, tskl_slice_find(rest, end)));
}

// The value of `name=...` among a part's header lines, or empty. `filename=` is another.
static tskl_slice part_name(tskl_slice head) {
    for (tskl_slice rest = head; rest.len;) {
        size_t at = tskl_slice_search(rest, TSKL_S("name"));
        if (at == SIZE_MAX) break;
        bool begins = at > 0 && strchr(" \t;", rest.ptr[at - 1]);
        rest = tskl_slice_from(rest, at + 4);
        if (tskl_slice_starts(rest, TSKL_S("*"))) rest = tskl_slice_from(rest, 1);
        tskl_slice value = tskl_slice_trim(rest);
        if (begins && tskl_slice_starts(value, TSKL_S("=")))
            return parameter_value(tskl_slice_trim(tskl_slice_from(value, 1)));
    }
    return (tskl_slice){NULL, 0};
}

// The value of a part's content-type, or empty.
static tskl_slice part_type(tskl_slice head) {
    while (head.len) {
        tskl_slice value = tskl_slice_line(&head), name = tskl_slice_split(&value, ':');
        if (tskl_slice_equal_nocase(tskl_slice_trim(name), TSKL_S("content-type"))) return value;
    }
    return (tskl_slice){NULL, 0};
}

static bool is_file(tskl_slice head) {
    return tskl_slice_search(head, TSKL_S("filename")) != SIZE_MAX;
}

// What stands before `mark`; `*rest` becomes what follows it, empty where it does not come.
static tskl_slice take_until(tskl_slice *rest, tskl_slice mark) {
    size_t at = tskl_slice_search(*rest, mark);
    tskl_slice before = tskl_slice_first(*rest, at);
    *rest = tskl_slice_from(*rest, at == SIZE_MAX ? rest->len : at + mark.len);
    return before;
}

// The head of a part, which an empty line ends. `*part` becomes what follows.
static tskl_slice take_head(tskl_slice *part) {
    tskl_slice head = {part->ptr, 0};
    while (part->len) {
        tskl_slice line = tskl_slice_line(part);
        head.len = (size_t)(line.ptr + line.len - head.ptr);
        if (line.len == 0) break;
    }
    return head;
}

// The line end before a delimiter belongs to it.
static tskl_slice without_line_end(tskl_slice part) {
    if (tskl_slice_ends(part, TSKL_S("\n"))) part.len--;
    if (tskl_slice_ends(part, TSKL_S("\r"))) part.len--;
    return part;
}

static void read_part(tskl_masker *masker, tskl_slice part) {
    tskl_slice head = take_head(&part), value = without_line_end(part);
    tskl_slice name = part_name(head);
    if (!is_file(head) && tskl_masker_names(masker, name, TSKL_MASK_FORM, value))
        tskl_masker_hide(masker, value, value, false);
    else if (masker->depth < TSKL_MASK_DEPTH) {
        masker->depth++;
        tskl_masker_part(masker, part_type(head), value);
        masker->depth--;
    }
}

// The delimiter is the first line that begins with "--" and has a header behind it: content-type
// may have lost its parameters, and a preamble may stand before it.
static tskl_slice find_delimiter(tskl_slice *rest) {
    while (rest->len) {
        tskl_slice line = tskl_slice_line(rest);
        if (line.len >= 3 && tskl_slice_starts(line, TSKL_S("--")) &&
            tskl_slice_starts_nocase(*rest, TSKL_S("content-")))
            return line;
    }
    return (tskl_slice){NULL, 0};
}

void tskl_masker_multipart(tskl_masker *masker, tskl_slice text) {
    tskl_slice rest = text, delimiter = find_delimiter(&rest);
    if (!delimiter.len) {
        tskl_masker_document(masker, text);
        return;
    }
    tskl_slice preamble = {text.ptr, (size_t)(delimiter.ptr - text.ptr)};
    tskl_masker_document(masker, preamble);
    while (rest.len && !masker->edits.failed) {
        read_part(masker, take_until(&rest, delimiter));
        tskl_slice_line(&rest);
    }
}
