// SPDX-License-Identifier: Apache-2.0
#include "output/group.h"
#include "base/number.h"

static bool is_core(tskl_slice pack) {
    return tskl_slice_equal(pack, TSKL_S("core"));
}

bool tskl_group_next(const tskl_captures *captures, size_t *at, tskl_group *out) {
    while (*at < captures->count && is_core(captures->items[*at].pack)) ++*at;
    size_t start = *at;
    if (start == captures->count) return false;
    tskl_slice pack = captures->items[start].pack;
    while (*at < captures->count && tskl_slice_equal(captures->items[*at].pack, pack)) ++*at;
    *out = (tskl_group){captures->items + start, *at - start};
    return true;
}

tskl_slice tskl_group_core_error(const tskl_captures *captures) {
    for (size_t i = 0; i < captures->count; i++) {
        const tskl_capture *capture = &captures->items[i];
        if (is_core(capture->pack) && tskl_slice_equal(capture->name, TSKL_S("error")))
            return capture->text;
    }
    return (tskl_slice){0};
}

tskl_slice tskl_group_get(const tskl_group *group, const char *name) {
    tskl_slice wanted = tskl_slice_of(name);
    for (size_t i = 0; i < group->count; i++)
        if (tskl_slice_equal(group->items[i].name, wanted)) return group->items[i].text;
    return (tskl_slice){0};
}

bool tskl_group_get_ms(const tskl_group *group, const char *name, int64_t *us) {
    const double longest_ms = 1e12;
    double ms;
    *us = 0;
    if (!tskl_number_parse(tskl_group_get(group, name), &ms) || ms < 0 || ms > longest_ms)
        return false;
    *us = (int64_t)(ms * 1000);
    return true;
}

bool tskl_group_failed(const tskl_group *group) {
    return tskl_slice_equal(tskl_group_get(group, "ok"), TSKL_S("false"));
}

bool tskl_group_explains(const tskl_group *group) {
    static const char *const names[] = {"error.type", "error.code", "error.message", "class"};
    for (size_t i = 0; i < TSKL_COUNT(names); i++)
        if (tskl_group_get(group, names[i]).len) return true;
    return tskl_group_failed(group);
}

// A success by its status may be a failure by its words: Slack's 200 {"ok":false}.
bool tskl_record_failed(const tskl_record *record) {
    const tskl_exchange *exchange = record->view->exchange;
    tskl_group group;
    if (exchange->ending != TSKL_DONE || exchange->status == 0 || exchange->status >= 400)
        return true;
    for (size_t at = 0; tskl_group_next(record->captures, &at, &group);)
        if (tskl_group_failed(&group)) return true;
    return false;
}
