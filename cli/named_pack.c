// SPDX-License-Identifier: Apache-2.0
#include "named_pack.h"
#include "config/nearest.h"
#include "prepare.h"
#include "say.h"
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

static bool is_path(const char *operand) {
    struct stat ignored;
    return strchr(operand, '/') || stat(operand, &ignored) == 0;
}

static bool is_same_place(tskl_slice from, const char *path) {
    char text[PATH_MAX], left[PATH_MAX], right[PATH_MAX];
    return tskl_slice_to_cstr(from, text, sizeof text) && from.len && realpath(text, left) &&
           realpath(path, right) && strcmp(left, right) == 0;
}

static void find_path(const char *path, const tskl_config *config, tskl_config_pack *out) {
    *out = (tskl_config_pack){.from = tskl_slice_of(path), .body_allowed = true, .enabled = true};
    for (size_t i = 0; i < config->pack_count; i++)
        if (is_same_place(config->packs[i].from, path)) *out = config->packs[i];
}

bool tskl_named_pack_find(const char *operand, const tskl_config *config, tskl_config_pack *out) {
    tskl_nearest nearest = {.wrong = tskl_slice_of(operand)};
    if (is_path(operand)) {
        find_path(operand, config, out);
        return true;
    }
    for (size_t i = 0; i < config->pack_count; i++) {
        tskl_slice label = tskl_pack_label(&config->packs[i]);
        *out = config->packs[i];
        if (tskl_slice_equal(label, nearest.wrong)) return true;
        tskl_nearest_offer(&nearest, label);
    }
    tskl_complain("%s: no such Pack is configured, and no such folder is here" TSKL_NEAREST_FMT,
                  operand, TSKL_NEAREST_ARG(nearest));
    return false;
}
