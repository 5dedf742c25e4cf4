// SPDX-License-Identifier: Apache-2.0
#include "base/number.h"
#include "harness.h"
#include <float.h>
#include <locale.h>
#include <stdlib.h>

static tskl_slice written(tskl_test *t, double value) {
    char *room = tskl_arena_take(t->arena, 64);
    tskl_buf buf = {.ptr = room, .room = 64, .cap = 63};
    if (room) tskl_number_add(&buf, value);
    return tskl_buf_slice(&buf);
}

TEST(number, is_written_in_the_shortest_form_that_reads_back) {
    static const struct {
        double value;
        const char *text;
    } rows[] = {
        {0, "0"},
        {-0.0, "0"},
        {402, "402"},
        {-7, "-7"},
        {184.2, "184.2"},
        {0.1, "0.1"},
        {1.0 / 3, "0.3333333333333333"},
        {0.1 + 0.2, "0.30000000000000004"},
        {9007199254740991.0, "9007199254740991"},
        {1e21, "1e21"},
        {1e-7, "1e-7"},
        {-1.5e-9, "-1.5e-9"},
        {5e-324, "5e-324"},
        {DBL_MAX, "1.7976931348623157e308"},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++)
        CHECK_TEXT(tskl_slice_of(rows[i].text), written(t, rows[i].value));
}

TEST(number, reads_json_numbers_and_nothing_else) {
    static const struct {
        const char *text;
        bool taken;
        double value;
    } rows[] = {
        {"0", true, 0},      {"-1.5e+3", true, -1500}, {"1E2", true, 100}, {"0.1", true, 0.1},
        {"1e-400", true, 0}, {"1e400", false, 0},      {"", false, 0},     {"nan", false, 0},
        {"inf", false, 0},   {"0x10", false, 0},       {" 1", false, 0},   {"1 ", false, 0},
        {"+1", false, 0},    {"1.", false, 0},         {".5", false, 0},   {"1,5", false, 0},
        {"01", false, 0},    {"\"1\"", false, 0},      {"true", false, 0}, {"1e", false, 0},
    };
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        double value = 7;
        CHECK_ROW(i, tskl_number_parse(tskl_slice_of(rows[i].text), &value) == rows[i].taken);
        CHECK_ROW(i, value == rows[i].value);
    }
}

TEST(number, has_a_point_whatever_the_programs_locale) {
    static const char *const locales[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "fa_IR.UTF-8", "C"};
    for (size_t i = 0; i < TSKL_COUNT(locales); i++) {
        setlocale(LC_ALL, locales[i]); // where it is installed
        double value;
        bool taken = tskl_number_parse(TSKL_S("1.5"), &value) && value == 1.5;
        tskl_slice text = written(t, 0.25);
        setlocale(LC_ALL, "C");
        CHECK_ROW(i, taken);
        CHECK_TEXT(TSKL_S("0.25"), text);
    }
}
