// Pairs of query strings and form bodies.
// SPDX-License-Identifier: Apache-2.0
#include "exchange/masker.h"

// "card[number]" is the member `number` of `card`: the last name counts.
static tskl_slice last_name(tskl_slice name) {
    if (name.len < 3 || name.ptr[name.len - 1] != ']') return name;
    size_t start = name.len - 1;
    while (start > 0 && name.ptr[start - 1] != '[') start--;
    tskl_slice inside = {name.ptr + start, name.len - 1 - start};
    return start > 0 && inside.len ? inside : name;
}

static bool is_card_number(tskl_slice name) {
    return tskl_slice_ends(name, TSKL_S("card[number]")) ||
           tskl_slice_ends(name, TSKL_S("[card][number]"));
}

static bool rules_name(const tskl_mask_rules *rules, tskl_slice name) {
    for (size_t i = 0; rules && i < rules->query_count; i++)
        if (tskl_slice_equal_nocase(rules->query[i], name)) return true;
    return false;
}

static tskl_slice next_pair(tskl_slice *rest, tskl_slice *value) {
    tskl_slice pair = tskl_slice_split(rest, '&');
    *value = pair;
    tskl_slice name = tskl_slice_split(value, '=');
    return name;
}

static bool speaks_oauth(tskl_slice pairs) {
    tskl_slice value;
    while (pairs.len)
        if (tskl_mask_speaks_oauth(next_pair(&pairs, &value))) return true;
    return false;
}

bool tskl_masker_names(const tskl_masker *masker, tskl_slice name, tskl_mask_place place,
                       bool oauth) {
    tskl_slice last = last_name(name);
    if (rules_name(masker->rules, name) || rules_name(masker->rules, last)) return true;
    if (is_card_number(name)) return true;
    unsigned places = tskl_mask_places(last);
    // A form's `token` is a credential with OAuth and without: Slack is called that way.
    bool only_oauth = (places & TSKL_MASK_OAUTH) && !tskl_slice_equal(last, TSKL_S("token"));
    return (places & place) && (oauth || !only_oauth);
}

// In a query '+' is a space to some and itself to others: both are remembered.
static void hide_value(tskl_masker *masker, tskl_slice value) {
    tskl_slice plain, spaced;
    bool room = tskl_percent_decode(value, false, masker->arena, &plain) &&
                tskl_percent_decode(value, true, masker->arena, &spaced) &&
                tskl_secrets_add(masker->secrets, masker->arena, spaced);
    if (!room) masker->edits.failed = true;
    if (room) tskl_masker_hide(masker, value, plain, false);
}

void tskl_masker_pairs(tskl_masker *masker, tskl_slice pairs, tskl_mask_place place) {
    bool oauth = speaks_oauth(pairs);
    while (pairs.len && !masker->edits.failed) {
        tskl_slice value, name = next_pair(&pairs, &value), plain;
        if (!tskl_percent_decode(name, true, masker->arena, &plain))
            masker->edits.failed = true;
        else if (tskl_masker_names(masker, plain, place, oauth))
            hide_value(masker, value);
    }
}
