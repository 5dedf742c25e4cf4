// SPDX-License-Identifier: Apache-2.0
#include "base/arena.h"
#include "harness.h"
#include <stdalign.h>

TEST(arena, gives_room_that_suits_any_type) {
    for (size_t size = 0; size < 300; size++) {
        char *taken = tskl_arena_take(t->arena, size);
        CHECK(taken && (uintptr_t)taken % alignof(max_align_t) == 0);
        memset(taken, 0xff, size);
    }
}

TEST(arena, keeps_small_pieces_apart_from_large_ones) {
    char *small = tskl_arena_take(t->arena, 100);
    char *large = tskl_arena_take(t->arena, 100000);
    char *next = tskl_arena_take(t->arena, 100);
    CHECK(small && large && next);
    memset(small, 1, 100);
    memset(large, 2, 100000);
    memset(next, 3, 100);
    CHECK(small[99] == 1 && large[0] == 2 && large[99999] == 2 && next[0] == 3);
    CHECK_SAY(next == small + 112, "a large piece does not end the chunk of the small ones");
}

TEST(arena, refuses_sizes_that_overflow) {
    CHECK(!tskl_arena_take(t->arena, SIZE_MAX));
    CHECK(!tskl_arena_zeroed(t->arena, SIZE_MAX / 4, 8));
    CHECK(!tskl_arena_cstr(t->arena, (tskl_slice){"", SIZE_MAX}));
}

TEST(arena, copies_text_with_a_zero_behind_it) {
    tskl_slice copy;
    CHECK(tskl_arena_copy(t->arena, TSKL_S("abc"), &copy));
    CHECK_TEXT(TSKL_S("abc"), copy);
    CHECK(copy.ptr[3] == 0);
    CHECK(tskl_arena_copy(t->arena, (tskl_slice){NULL, 0}, &copy) && copy.ptr && copy.len == 0);
    char *text = tskl_arena_printf(t->arena, "%d %s", 7, "x");
    CHECK(text && strcmp(text, "7 x") == 0);
}

TEST(arena, zeroes_arrays) {
    char *dirty = tskl_arena_take(t->arena, 64);
    CHECK(dirty);
    memset(dirty, 0xff, 64);
    tskl_arena_reuse(t->arena);
    uint64_t *numbers = tskl_arena_array(t->arena, uint64_t, 8);
    CHECK(numbers);
    for (size_t i = 0; i < 8; i++) CHECK_ROW(i, numbers[i] == 0);
}

TEST(arena, counts_what_it_holds_and_gives_it_back) {
    CHECK(tskl_arena_take(t->arena, 10) && tskl_arena_take(t->arena, 50000));
    CHECK(t->arena->held >= 50010);
    tskl_arena_reuse(t->arena);
    CHECK(t->arena->held > 0 && t->arena->held < 8192);
    tskl_arena_reset(t->arena);
    CHECK(t->arena->held == 0 && !t->arena->newest);
}
