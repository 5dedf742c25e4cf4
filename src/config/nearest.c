// SPDX-License-Identifier: Apache-2.0
#include "config/nearest.h"

enum { NAME_MAX_BYTES = 48 };

static size_t least(size_t a, size_t b, size_t c) {
    size_t smaller = a < b ? a : b;
    return smaller < c ? smaller : c;
}

static bool same(char a, char b) {
    return tskl_slice_equal_nocase((tskl_slice){&a, 1}, (tskl_slice){&b, 1});
}

// How many letters to add, leave out, change, or swap with their neighbour make one the other.
static size_t distance_between(tskl_slice a, tskl_slice b) {
    size_t rows[3][NAME_MAX_BYTES + 1];
    size_t *older = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b.len; j++) above[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            bool equal = same(a.ptr[i - 1], b.ptr[j - 1]);
            row[j] = least(above[j] + 1, row[j - 1] + 1, above[j - 1] + !equal);
            bool swapped = i > 1 && j > 1 && same(a.ptr[i - 1], b.ptr[j - 2]) &&
                           same(a.ptr[i - 2], b.ptr[j - 1]);
            if (swapped && older[j - 2] + 1 < row[j]) row[j] = older[j - 2] + 1;
        }
        size_t *spare = older;
        older = above;
        above = row;
        row = spare;
    }
    return above[b.len];
}

void tskl_nearest_offer(tskl_nearest *nearest, tskl_slice name) {
    if (nearest->wrong.len > NAME_MAX_BYTES || name.len > NAME_MAX_BYTES) return;
    size_t distance = distance_between(nearest->wrong, name);
    // A third of the letters wrong: beyond that the guess would puzzle more than help.
    bool near = distance <= (name.len < 6 ? 2 : name.len / 3) && distance < name.len;
    if (!near || (nearest->best.len && distance >= nearest->distance)) return;
    nearest->best = name;
    nearest->distance = distance;
}
