// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t read_ns(clockid_t id) {
    struct timespec now = {0};
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t tskl_clock_wall_us(void) {
    return read_ns(CLOCK_REALTIME) / 1000;
}

#ifdef TSKL_TESTING
atomic_int_least64_t tskl_clock_advanced_us;

static int64_t advanced_us(void) {
    return atomic_load(&tskl_clock_advanced_us);
}
#else
static int64_t advanced_us(void) {
    return 0;
}
#endif

int64_t tskl_clock_steady_us(void) {
    return read_ns(CLOCK_MONOTONIC) / 1000 + advanced_us();
}

struct timespec tskl_clock_deadline(int64_t ms) {
    int64_t at = read_ns(CLOCK_MONOTONIC) / 1000 + ms * 1000;
    return (struct timespec){.tv_sec = at / 1000000, .tv_nsec = at % 1000000 * 1000};
}

int64_t tskl_clock_cpu_ns(void) {
    return read_ns(CLOCK_THREAD_CPUTIME_ID);
}

// Days since 1970-01-01 of a date in the Gregorian calendar; March is month 0 so that a leap day
// ends its year.
static int64_t days_from_date(int64_t year, int64_t month, int64_t day) {
    year -= month <= 2;
    month += month > 2 ? -3 : 9;
    int64_t era = (year >= 0 ? year : year - 399) / 400, of_era = year - era * 400;
    int64_t of_year = (153 * month + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

// The way back, for days from 1970 on. Not by gmtime_r: it takes a lock of the C library, and where
// a fork finds that held the application's own localtime never returns in the child.
static void date_from_days(int64_t days, unsigned *year, unsigned *month, unsigned *day) {
    int64_t since = days + 719468, era = since / 146097, of_era = since % 146097;
    int64_t years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (years * 365 + years / 4 - years / 100);
    int64_t from_march = (5 * of_year + 2) / 153;
    *day = (unsigned)(of_year - (153 * from_march + 2) / 5 + 1);
    *month = (unsigned)(from_march < 10 ? from_march + 3 : from_march - 9);
    *year = (unsigned)(era * 400 + years + (*month <= 2));
}

void tskl_clock_iso(int64_t wall_us, char room[25]) {
    const int64_t last = 253402300799999; // 9999-12-31T23:59:59.999Z
    int64_t ms = wall_us / 1000;
    ms = ms < 0 ? 0 : ms > last ? last : ms;
    unsigned year, month, day, of_day = (unsigned)(ms / 1000 % 86400);
    date_from_days(ms / 86400000, &year, &month, &day);
    // The remainders tell the compiler how many digits there are.
    snprintf(room, 25, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ", year % 10000, month % 100, day % 100,
             of_day / 3600 % 100, of_day / 60 % 60, of_day % 60, (unsigned)(ms % 1000));
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Reads exactly `count` digits, and then one of `behind` where that is not empty.
static bool read_field(const char **text, int count, const char *behind, int *out) {
    for (*out = 0; count > 0; count--, (*text)++) {
        if (!is_digit(**text)) return false;
        *out = *out * 10 + (**text - '0');
    }
    if (!*behind) return true;
    return **text && strchr(behind, *(*text)++);
}

static bool read_date(const char **text, int64_t *days) {
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, day;
    if (!read_field(text, 4, "-", &year) || !read_field(text, 2, "-", &month) ||
        !read_field(text, 2, "Tt ", &day) || month < 1 || month > 12)
        return false;
    bool leap = month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    *days = days_from_date(year, month, day);
    return day >= 1 && day <= lengths[month - 1] + leap;
}

static bool read_time(const char **text, int64_t *seconds) {
    int hour, minute, second;
    if (!read_field(text, 2, ":", &hour) || !read_field(text, 2, ":", &minute) ||
        !read_field(text, 2, "", &second))
        return false;
    *seconds = (hour * 60 + minute) * 60 + second;
    return hour < 24 && minute < 60 && second <= 60; // 60: a leap second
}

// Reads up to six digits behind the point as microseconds and passes over the rest.
static bool read_fraction(const char **text, int64_t *us) {
    int64_t unit = 100000;
    *us = 0;
    if (**text != '.') return true;
    if (!is_digit(*++*text)) return false;
    for (; is_digit(**text); (*text)++, unit /= 10) *us += (**text - '0') * unit;
    return true;
}

static bool read_zone(const char *text, int64_t *seconds) {
    int hours, minutes;
    *seconds = 0;
    if (*text == 'Z' || *text == 'z') return text[1] == 0;
    if (*text != '+' && *text != '-') return false;
    int sign = *text++ == '-' ? -1 : 1;
    if (!read_field(&text, 2, ":", &hours) || !read_field(&text, 2, "", &minutes)) return false;
    *seconds = sign * (hours * 60 + minutes) * 60;
    return *text == 0 && hours < 24 && minutes < 60;
}

bool tskl_clock_from_iso(const char *text, int64_t *wall_us) {
    int64_t days, seconds, us, zone;
    *wall_us = 0;
    if (!read_date(&text, &days) || !read_time(&text, &seconds) || !read_fraction(&text, &us) ||
        !read_zone(text, &zone))
        return false;
    *wall_us = (days * 86400 + seconds - zone) * 1000000 + us;
    return true;
}
