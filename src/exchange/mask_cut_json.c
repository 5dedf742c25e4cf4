// JSON that is cut or wrong: names and the values behind them are looked for wherever they stand. A
// value that the cut ends is hidden as well.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/masker.h"

// A string at the beginning of `text` with its quotes, the last of which may be cut off.
static tskl_slice take_string(tskl_slice text) {
    size_t i = 1;
    for (; i < text.len && text.ptr[i] != '"'; i++)
        if (text.ptr[i] == '\\') i++;
    return tskl_slice_first(text, i + 1);
}

static tskl_slice without_quotes(tskl_slice string) {
    string = tskl_slice_from(string, 1);
    if (string.len && string.ptr[string.len - 1] == '"') string.len--;
    return string;
}

static tskl_slice take_number(tskl_slice text) {
    size_t i = 0;
    while (i < text.len && text.ptr[i] && strchr("0123456789+-.eE", text.ptr[i])) i++;
    return tskl_slice_first(text, i);
}

static tskl_slice without_space(tskl_slice text) {
    while (text.len && text.ptr[0] && strchr(" \t\r\n", text.ptr[0]))
        text = tskl_slice_from(text, 1);
    return text;
}

static bool is_secret(const tskl_masker *masker, tskl_slice name) {
    unsigned places = tskl_mask_places(name);
    if ((places & TSKL_MASK_MEMBER) && !(places & TSKL_MASK_OAUTH)) return true;
    for (size_t i = 0; masker->rules && name.len && i < masker->rules->json_count; i++) {
        const tskl_json_path *path = &masker->rules->json[i];
        const tskl_json_step *last = path->count ? &path->steps[path->count - 1] : NULL;
        if (last && last->kind == TSKL_STEP_NAME && tskl_slice_equal(last->name, name)) return true;
    }
    return false;
}

void tskl_masker_cut_json(tskl_masker *masker, tskl_slice text) {
    while (!masker->edits.failed) {
        size_t quote = tskl_slice_find(text, '"');
        if (quote == SIZE_MAX) return;
        text = tskl_slice_from(text, quote);
        tskl_slice name = take_string(text);
        text = without_space(tskl_slice_from(text, name.len));
        if (!tskl_slice_starts(text, TSKL_S(":"))) continue;
        text = without_space(tskl_slice_from(text, 1));
        bool string = tskl_slice_starts(text, TSKL_S("\""));
        tskl_slice value = string ? take_string(text) : take_number(text);
        tskl_slice plain = string ? without_quotes(value) : value;
        if (value.len && is_secret(masker, without_quotes(name)))
            tskl_masker_hide(masker, value, plain, true);
        text = tskl_slice_from(text, value.len);
    }
}
