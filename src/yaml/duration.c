#include "runwalk/yaml/duration.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The units in the order in which they must stand. */
static const struct unit {
    const char *name;
    size_t size; /* of the name */
    uint32_t ms;
    uint32_t carry; /* so many of it make one of the unit before */
} units[] = {
    {"h", 1, 3600000, UINT32_MAX},
    {"m", 1, 60000, 60},
    {"s", 1, 1000, 60},
    {"ms", 2, 1, 1000},
};

struct scan {
    const char *at;
    const char *end;
};

/* A decimal number: WHOLE and, with a point, BILLIONTHS. */
struct number {
    uint64_t whole;
    uint64_t billionths;
    unsigned digits; /* before the point */
    bool has_point;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static enum rw_duration_problem number_scan(struct scan *scan, struct number *number)
{
    *number = (struct number){0, 0, 0, false};
    for (; scan->at < scan->end && is_digit(*scan->at); scan->at++) {
        number->whole = number->whole * 10 + (uint64_t)(*scan->at - '0');
        number->digits++;
        if (number->whole > UINT32_MAX) {
            return RW_DURATION_TOO_LONG;
        }
    }
    if (number->digits == 0) {
        return RW_DURATION_MALFORMED;
    }
    if (scan->at == scan->end || *scan->at != '.') {
        return RW_DURATION_FINE;
    }
    scan->at++;
    number->has_point = true;
    const char *first = scan->at;
    bool too_fine = false;
    for (uint64_t weight = 100000000; scan->at < scan->end && is_digit(*scan->at); scan->at++) {
        number->billionths += weight * (uint64_t)(*scan->at - '0');
        too_fine |= weight == 0 && *scan->at != '0';
        weight /= 10;
    }
    if (scan->at == first) {
        return RW_DURATION_MALFORMED;
    }
    return too_fine ? RW_DURATION_TOO_FINE : RW_DURATION_FINE;
}

/* Adds NUMBER of a unit of UNIT_MS to *TOTAL. */
static enum rw_duration_problem number_add(const struct number *number, uint32_t unit_ms,
                                           uint64_t *total)
{
    uint64_t fraction = number->billionths * unit_ms;
    if (fraction % 1000000000 != 0) {
        return RW_DURATION_TOO_FINE;
    }
    *total += number->whole * unit_ms + fraction / 1000000000;
    return *total > UINT32_MAX ? RW_DURATION_TOO_LONG : RW_DURATION_FINE;
}

/* What follows the first number of 1:30 or 1:02:30. */
static enum rw_duration_problem clock_parse(struct scan *scan, struct number number,
                                            uint64_t *total)
{
    struct number parts[3] = {number};
    size_t count = 1;
    while (scan->at < scan->end) {
        if (count == 3 || *scan->at != ':') {
            return RW_DURATION_MALFORMED;
        }
        if (parts[count - 1].has_point) {
            return RW_DURATION_FRACTION;
        }
        scan->at++;
        enum rw_duration_problem problem = number_scan(scan, &parts[count]);
        if (problem != RW_DURATION_FINE) {
            return problem;
        }
        if (parts[count].digits != 2) {
            return RW_DURATION_DIGITS;
        }
        if (parts[count].whole >= 60) {
            return RW_DURATION_CARRY;
        }
        count++;
    }
    for (size_t i = 0; i < count; i++) {
        enum rw_duration_problem problem = number_add(&parts[i], units[i + 3 - count].ms, total);
        if (problem != RW_DURATION_FINE) {
            return problem;
        }
    }
    return RW_DURATION_FINE;
}

/* The unit at the scan's place; RW_COUNT(units) when there is none. */
static size_t unit_scan(struct scan *scan)
{
    /* The longest name first: "ms" also begins with "m". */
    for (size_t i = RW_COUNT(units); i-- > 0;) {
        size_t size = units[i].size;
        if ((size_t)(scan->end - scan->at) >= size && memcmp(scan->at, units[i].name, size) == 0) {
            scan->at += size;
            return i;
        }
    }
    return RW_COUNT(units);
}

enum rw_duration_problem rw_duration_parse(const char *text, size_t size, uint32_t *ret_ms)
{
    struct scan scan = {text, text + size};
    uint64_t total = 0;
    size_t next_unit = 0;
    bool first = true;
    bool ended = false; /* by a fraction */

    while (scan.at < scan.end || first) {
        struct number number;
        enum rw_duration_problem problem = number_scan(&scan, &number);
        if (problem != RW_DURATION_FINE) {
            return problem;
        }
        if (first && scan.at == scan.end) {
            return RW_DURATION_BARE;
        }
        if (first && *scan.at == ':') {
            problem = clock_parse(&scan, number, &total);
            if (problem != RW_DURATION_FINE) {
                return problem;
            }
            break;
        }
        size_t unit = unit_scan(&scan);
        if (unit == RW_COUNT(units)) {
            return RW_DURATION_MALFORMED;
        }
        if (unit < next_unit) {
            return RW_DURATION_ORDER;
        }
        if (ended) {
            return RW_DURATION_FRACTION;
        }
        if (!first && number.whole >= units[unit].carry) {
            return RW_DURATION_CARRY;
        }
        problem = number_add(&number, units[unit].ms, &total);
        if (problem != RW_DURATION_FINE) {
            return problem;
        }
        next_unit = unit + 1;
        ended = number.has_point;
        first = false;
    }
    *ret_ms = (uint32_t)total;
    return RW_DURATION_FINE;
}

static const char *problem_sentence(enum rw_duration_problem problem)
{
    switch (problem) {
    case RW_DURATION_FINE:
    case RW_DURATION_BARE: /* its sentence quotes the text */
        return "";
    case RW_DURATION_MALFORMED:
        return "this is no duration; write it like 90s, 1m30s, 1:30 or 1h";
    case RW_DURATION_ORDER:
        return "hours, minutes and seconds stand in this order, each once, like 1h2m30s";
    case RW_DURATION_CARRY:
        return "after a larger unit, minutes and seconds go up to 59; write 1m90s as 2m30s";
    case RW_DURATION_DIGITS:
        return "after a colon stand two digits; write 1:05 for one minute and five seconds";
    case RW_DURATION_FRACTION:
        return "only the last part may have a decimal point; write 1.5m30s as 2m";
    case RW_DURATION_TOO_FINE:
        return "a duration is a whole number of milliseconds";
    case RW_DURATION_TOO_LONG:
        return "this is longer than anything can last here";
    }
    return "";
}

void rw_duration_explain(enum rw_duration_problem problem, const char *text, size_t size,
                         char *buffer, size_t buffer_size)
{
    int shown = size > 24 ? 24 : (int)size;
    if (problem == RW_DURATION_BARE) {
        snprintf(buffer, buffer_size, "%.*s of what? Write %.*ss for seconds or %.*sm for minutes",
                 shown, text, shown, text, shown, text);
    } else {
        snprintf(buffer, buffer_size, "%s", problem_sentence(problem));
    }
}

void rw_duration_format(uint32_t ms, char ret_text[RW_DURATION_TEXT_MAX])
{
    uint32_t hours = ms / 3600000;
    uint32_t minutes = ms / 60000 % 60;
    uint32_t seconds = ms / 1000 % 60;
    uint32_t rest = ms % 1000;
    int size = 0;
    if (ms > 0 && ms < 1000) {
        snprintf(ret_text, RW_DURATION_TEXT_MAX, "%ums", ms);
        return;
    }
    if (hours > 0) {
        size += snprintf(ret_text, RW_DURATION_TEXT_MAX, "%uh", hours);
    }
    if (minutes > 0) {
        size += snprintf(ret_text + size, RW_DURATION_TEXT_MAX - (size_t)size, "%um", minutes);
    }
    if (rest > 0) {
        size += snprintf(ret_text + size, RW_DURATION_TEXT_MAX - (size_t)size, "%u.%03u", seconds,
                         rest);
        while (ret_text[size - 1] == '0') {
            size--;
        }
        snprintf(ret_text + size, RW_DURATION_TEXT_MAX - (size_t)size, "s");
    } else if (seconds > 0 || ms == 0) {
        snprintf(ret_text + size, RW_DURATION_TEXT_MAX - (size_t)size, "%us", seconds);
    }
}
