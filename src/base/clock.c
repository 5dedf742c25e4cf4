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

int64_t tskl_clock_steady_us(void) {
    return read_ns(CLOCK_MONOTONIC) / 1000;
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

void tskl_clock_iso(int64_t wall_us, char room[25]) {
    const int64_t last = 253402300799999; // 9999-12-31T23:59:59.999Z
    int64_t ms = wall_us / 1000;
    ms = ms < 0 ? 0 : ms > last ? last : ms;
    time_t seconds = (time_t)(ms / 1000);
    struct tm date;
    gmtime_r(&seconds, &date);
    unsigned parts[] = {(unsigned)(date.tm_year + 1900) % 10000u,
                        (unsigned)date.tm_mon % 12u + 1,
                        (unsigned)date.tm_mday % 32u,
                        (unsigned)date.tm_hour % 24u,
                        (unsigned)date.tm_min % 60u,
                        (unsigned)date.tm_sec % 61u};
    snprintf(room, 25, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ", parts[0], parts[1], parts[2],
             parts[3], parts[4], parts[5], (unsigned)(ms % 1000));
}

// Reads up to six digits behind the point as microseconds and passes over the rest.
static int64_t fraction_us(const char **text) {
    int64_t us = 0, unit = 100000;
    if (**text != '.') return 0;
    for ((*text)++; **text >= '0' && **text <= '9'; (*text)++, unit /= 10)
        us += (**text - '0') * unit;
    return us;
}

static bool zone_seconds(const char *text, int64_t *seconds) {
    int hours, minutes, used = 0;
    *seconds = 0;
    if (*text == 'Z' || *text == 'z') return text[1] == 0;
    if ((*text != '+' && *text != '-') ||
        sscanf(text + 1, "%2d:%2d%n", &hours, &minutes, &used) != 2 || used != 5 || text[6])
        return false;
    *seconds = (hours * 60 + minutes) * 60 * (*text == '-' ? -1 : 1);
    return true;
}

bool tskl_clock_from_iso(const char *text, int64_t *wall_us) {
    int year, month, day, hour, minute, second, used = 0;
    int64_t zone;
    *wall_us = 0;
    if (sscanf(text, "%4d-%2d-%2d%*1[Tt ]%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute,
               &second, &used) != 6 ||
        month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60)
        return false;
    const char *rest = text + used;
    int64_t us = fraction_us(&rest);
    if (!zone_seconds(rest, &zone)) return false;
    int64_t seconds = days_from_date(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
    *wall_us = (seconds - zone) * 1000000 + us;
    return true;
}
