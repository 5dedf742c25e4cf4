// Each shape is read into the same fields, which are then written as RFC 3339: whether there is
// such a day and such an hour is judged in one place, base/clock.c.
// SPDX-License-Identifier: Apache-2.0
#include "recording/date.h"
#include "base/clock.h"
#include "base/number.h"
#include "base/status.h"
#include <stdio.h>

// No recording is older than 1973: a smaller number is a count of something else.
#define EARLIEST_S 1e8

typedef struct fields {
    unsigned year, month, day, hour, minute, second, us;
    char sign; // of the zone
    unsigned zone_hour, zone_minute;
} fields;

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool skip(tskl_slice *rest, const char *any) {
    if (rest->len == 0 || rest->ptr[0] == 0 || !strchr(any, rest->ptr[0])) return false;
    *rest = tskl_slice_from(*rest, 1);
    return true;
}

static void skip_all(tskl_slice *rest, const char *any) {
    while (skip(rest, any)) {}
}

static size_t digits_of(tskl_slice text) {
    size_t len = 0;
    while (len < text.len && is_digit(text.ptr[len])) len++;
    return len;
}

// A number of `least` to `most` digits.
static bool take_number(tskl_slice *rest, size_t least, size_t most, unsigned *out) {
    size_t len = digits_of(*rest);
    *out = 0;
    if (len > most) len = most;
    if (len < least) return false;
    for (size_t i = 0; i < len; i++) *out = *out * 10 + (unsigned)(rest->ptr[i] - '0');
    *rest = tskl_slice_from(*rest, len);
    return true;
}

static tskl_slice take_word(tskl_slice *rest) {
    size_t len = 0;
    while (len < rest->len && is_letter(rest->ptr[len])) len++;
    tskl_slice word = tskl_slice_first(*rest, len);
    *rest = tskl_slice_from(*rest, len);
    return word;
}

// From 1; 0: not a month's name or its first three letters.
static unsigned month_of(tskl_slice word) {
    static const char *const names[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};
    for (unsigned i = 0; i < TSKL_COUNT(names); i++) {
        tskl_slice name = tskl_slice_of(names[i]);
        if (word.len >= 3 && tskl_slice_starts_nocase(name, word)) return i + 1;
    }
    return 0;
}

// Up to six digits behind the point are microseconds; the rest is passed over.
static bool take_fraction(tskl_slice *rest, unsigned *us) {
    unsigned unit = 100000;
    *us = 0;
    if (!skip(rest, ".,")) return true;
    size_t len = digits_of(*rest);
    for (size_t i = 0; i < len; i++, unit /= 10) *us += (unsigned)(rest->ptr[i] - '0') * unit;
    *rest = tskl_slice_from(*rest, len);
    return len > 0;
}

// "05:06", "05:06:07", "05:06:07.123456789", "050607"
static bool take_time(tskl_slice *rest, fields *f) {
    bool colons = digits_of(*rest) <= 2;
    if (!take_number(rest, colons ? 1 : 2, 2, &f->hour)) return false;
    if (colons && !skip(rest, ":")) return false;
    if (!take_number(rest, 2, 2, &f->minute)) return false;
    if (colons ? !skip(rest, ":") : digits_of(*rest) == 0) return true;
    return take_number(rest, 2, 2, &f->second) && take_fraction(rest, &f->us);
}

// "+01:00", "+0530", "-08"
static bool take_offset(tskl_slice *rest, fields *f) {
    char sign = rest->len ? rest->ptr[0] : 0;
    if (!skip(rest, "+-")) return false;
    f->sign = sign;
    if (!take_number(rest, 2, 2, &f->zone_hour)) return false;
    (void)skip(rest, ":");
    return digits_of(*rest) == 0 || take_number(rest, 2, 2, &f->zone_minute);
}

// RFC 822 has names for the zones of the United States; others mean two places or more.
static bool read_zone_name(tskl_slice name, fields *f) {
    static const struct {
        const char *name;
        unsigned hours; // west of Greenwich
    } rows[] = {{"Z", 0},   {"UTC", 0}, {"GMT", 0}, {"UT", 0},  {"EST", 5}, {"EDT", 4},
                {"CST", 6}, {"CDT", 5}, {"MST", 7}, {"MDT", 6}, {"PST", 8}, {"PDT", 7}};
    for (size_t i = 0; i < TSKL_COUNT(rows); i++) {
        if (!tskl_slice_equal_nocase(name, tskl_slice_of(rows[i].name))) continue;
        f->sign = '-';
        f->zone_hour = rows[i].hours;
        return true;
    }
    return false;
}

// What stands at the end: "", "Z", " GMT", "+0530", "GMT+0100 (Central European Time)",
// "+01:00[Europe/Paris]".
static bool read_zone(tskl_slice rest, fields *f) {
    rest = tskl_slice_trim(rest);
    tskl_slice name = take_word(&rest);
    if (name.len && !read_zone_name(name, f)) return false;
    bool greenwich = name.len == 0 || f->zone_hour == 0;
    if (rest.len && strchr("+-", rest.ptr[0]) && (!greenwich || !take_offset(&rest, f)))
        return false;
    rest = tskl_slice_trim(rest);
    return rest.len == 0 || rest.ptr[0] == '(' || rest.ptr[0] == '[';
}

static bool write_fields(const fields *f, int64_t *wall_us) {
    char iso[48];
    snprintf(iso, sizeof iso, "%04u-%02u-%02uT%02u:%02u:%02u.%06u%c%02u:%02u", f->year, f->month,
             f->day, f->hour, f->minute, f->second, f->us, f->sign ? f->sign : '+', f->zone_hour,
             f->zone_minute);
    return tskl_clock_from_iso(iso, wall_us);
}

// "2026-03-04T05:06:07Z", "2026/03/04 05:06", "2026-03-04", "20260304T050607Z"
static bool read_iso(tskl_slice rest, fields *f) {
    if (!take_number(&rest, 4, 4, &f->year)) return false;
    bool parted = skip(&rest, "-/.");
    if (!take_number(&rest, parted ? 1 : 2, 2, &f->month)) return false;
    if (parted && !skip(&rest, "-/.")) return false;
    if (!take_number(&rest, parted ? 1 : 2, 2, &f->day)) return false;
    if (rest.len == 0) return true;
    if (!skip(&rest, "Tt ,_")) return false;
    skip_all(&rest, " ");
    return take_time(&rest, f) && read_zone(rest, f);
}

// Two digits are of this century (RFC 850): HAR is younger than it.
static bool take_year(tskl_slice *rest, unsigned *year) {
    size_t digits = digits_of(*rest);
    if ((digits != 2 && digits != 4) || !take_number(rest, digits, digits, year)) return false;
    if (digits == 2) *year += 2000;
    return true;
}

// "04 Mar 2026 05:06:07 GMT", "04-Mar-26 05:06:07 GMT", "04/Mar/2026:05:06:07 +0000"
static bool read_day_first(tskl_slice rest, fields *f) {
    if (!take_number(&rest, 1, 2, &f->day)) return false;
    skip_all(&rest, " -/.");
    f->month = month_of(take_word(&rest));
    skip_all(&rest, " -/.,");
    if (!f->month || !take_year(&rest, &f->year)) return false;
    skip_all(&rest, " :,");
    return take_time(&rest, f) && read_zone(rest, f);
}

// "Mar  4 05:06:07 2026", "Mar 04 2026 05:06:07 GMT+0000 (...)", "March 4, 2026 05:06:07"
static bool read_month_first(tskl_slice rest, fields *f) {
    f->month = month_of(take_word(&rest));
    skip_all(&rest, " ");
    if (!f->month || !take_number(&rest, 1, 2, &f->day)) return false;
    skip_all(&rest, " ,");
    bool year_last = digits_of(rest) <= 2;
    if (!year_last && !take_year(&rest, &f->year)) return false;
    skip_all(&rest, " ,");
    if (!take_time(&rest, f)) return false;
    if (!year_last) return read_zone(rest, f);
    skip_all(&rest, " ");
    return take_year(&rest, &f->year) && read_zone(rest, f);
}

static bool read_named(tskl_slice rest, fields *f) {
    if (is_digit(rest.ptr[0])) return read_day_first(rest, f);
    tskl_slice after = rest;
    if (!month_of(take_word(&after))) { // a day of the week
        skip_all(&after, " ,");
        rest = after;
    }
    if (rest.len && is_digit(rest.ptr[0])) return read_day_first(rest, f);
    return read_month_first(rest, f);
}

// The unit shows in the size: a second of the year 2286 is a millisecond of April 1970.
static bool read_epoch(tskl_slice text, int64_t *wall_us) {
    static const struct {
        double below, us;
    } units[] = {{1e11, 1e6}, {1e14, 1e3}, {1e17, 1}, {1e20, 1e-3}};
    double number;
    if (!tskl_number_parse(text, &number) || number < EARLIEST_S) return false;
    for (size_t i = 0; i < TSKL_COUNT(units); i++) {
        if (number >= units[i].below) continue;
        *wall_us = (int64_t)(number * units[i].us + 0.5);
        return true;
    }
    return false;
}

bool tskl_date_read(tskl_slice text, int64_t *wall_us) {
    fields f = {0};
    *wall_us = 0;
    text = tskl_slice_trim(text);
    if (text.len == 0) return false;
    size_t digits = digits_of(text);
    bool iso = digits == 4 || digits == 8;
    if (!iso && read_epoch(text, wall_us)) return true;
    bool read = iso ? read_iso(text, &f) : read_named(text, &f);
    if (read && write_fields(&f, wall_us) && *wall_us > 0) return true;
    *wall_us = 0;
    return false;
}
