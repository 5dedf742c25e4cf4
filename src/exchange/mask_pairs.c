// Pairs of query strings and form bodies.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/masker.h"

static bool rules_name(const tskl_mask_rules *rules, tskl_slice name) {
    for (size_t i = 0; rules && i < rules->query_count; i++)
        if (tskl_slice_equal_nocase(rules->query[i], name)) return true;
    return false;
}

// "card[number]" is the member `number` of `card`, "token[]" an entry of `token`: what a user names
// is the last of these.
static tskl_slice last_name(tskl_slice name) {
    while (tskl_slice_ends(name, TSKL_S("[]"))) name.len -= 2;
    if (name.len < 3 || name.ptr[name.len - 1] != ']') return name;
    size_t start = name.len - 1;
    while (start > 0 && name.ptr[start - 1] != '[') start--;
    return start ? tskl_slice_make(name.ptr + start, name.len - 1 - start) : name;
}

static tskl_slice next_pair(tskl_slice *rest, char separator, tskl_slice *value) {
    tskl_slice pair = tskl_slice_split(rest, separator);
    *value = pair;
    tskl_slice name = tskl_slice_split(value, '=');
    return name;
}

static bool speaks_oauth(tskl_slice pairs) {
    tskl_slice value;
    while (pairs.len)
        if (tskl_mask_speaks_oauth(next_pair(&pairs, '&', &value))) return true;
    return false;
}

// In a query '+' is a space to some and itself to others: both are remembered.
static void hide_value(tskl_masker *masker, tskl_slice value, tskl_slice plain) {
    tskl_slice spaced;
    if (tskl_percent_decode(value, true, masker->arena, &spaced) &&
        tskl_secrets_add(masker->secrets, masker->arena, spaced))
        tskl_masker_hide(masker, value, plain, false);
    else
        masker->edits.failed = true;
}

// Names are encoded once by a form, and again where a form is sent in another.
static bool decode_name(tskl_masker *masker, tskl_slice *name) {
    for (int i = 0; i < 3 && tskl_slice_contains(*name, '%'); i++)
        if (!tskl_percent_decode(*name, true, masker->arena, name)) return false;
    return true;
}

static bool is_secret(const tskl_masker *masker, tskl_slice name, tskl_slice plain,
                      tskl_mask_place place, bool oauth) {
    if (rules_name(masker->rules, name) || rules_name(masker->rules, last_name(name))) return true;
    unsigned places = tskl_masker_places(masker, name);
    // A form's `token` is a credential with OAuth and without: Slack is called that way.
    bool only_oauth = (places & TSKL_MASK_OAUTH) && !(places & TSKL_MASK_HEADER);
    return places && (oauth || !only_oauth) && tskl_mask_judges(places, place, plain);
}

bool tskl_masker_names(const tskl_masker *masker, tskl_slice name, tskl_mask_place place,
                       tskl_slice plain) {
    return is_secret(masker, name, plain, place, false);
}

// False when nothing of the pair is hidden. `all` is what is, where the value is a secret.
static bool read_pair(tskl_masker *masker, tskl_slice name, tskl_slice value, tskl_slice all,
                      tskl_mask_place place, bool oauth) {
    tskl_slice plain;
    if (!decode_name(masker, &name) || !tskl_percent_decode(value, false, masker->arena, &plain)) {
        masker->edits.failed = true;
        return true;
    }
    bool secret = is_secret(masker, name, plain, place, oauth);
    // Only now all of it: else the rest would be read for each ';' in it.
    if (secret && !tskl_percent_decode(all, false, masker->arena, &plain))
        masker->edits.failed = true;
    else if (secret)
        hide_value(masker, all, plain);
    else if (value.len >= TSKL_SECRET_MIN)
        tskl_masker_inside(masker, value, TSKL_ESCAPES_PERCENT, tskl_masker_text);
    return secret;
}

// Some servers part pairs by ';' as well. It may also be a part of the value before it: a secret
// goes on to the next '&'.
static void read_group(tskl_masker *masker, tskl_slice group, tskl_mask_place place, bool oauth) {
    while (group.len && !masker->edits.failed) {
        const char *end = group.ptr + group.len;
        tskl_slice value, name = next_pair(&group, ';', &value);
        if (value.len == 0) continue;
        tskl_slice all = tskl_slice_make(value.ptr, (size_t)(end - value.ptr));
        if (read_pair(masker, name, value, all, place, oauth)) return;
    }
}

void tskl_masker_pairs(tskl_masker *masker, tskl_slice pairs, tskl_mask_place place) {
    bool oauth = speaks_oauth(pairs);
    while (pairs.len && !masker->edits.failed)
        read_group(masker, tskl_slice_split(&pairs, '&'), place, oauth);
}
