#include "write.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Six digits are enough for decibels, the only numbers here that are not whole. */
#define FLAGS (JSON_COMPACT | JSON_REAL_PRECISION(6) | JSON_ENCODE_ANY)

#define DIGITS_MAX 20 /* of an integer of 64 bits, with its sign */

struct writer {
    char *buffer;
    size_t size;
    size_t used; /* what does not fit counts, too */
    bool failed;
};

static void put(struct writer *writer, const char *bytes, size_t size)
{
    if (writer->used < writer->size && size <= writer->size - writer->used) {
        memcpy(writer->buffer + writer->used, bytes, size);
    }
    writer->used += size;
}

/* What is rare, or not easily written the same way, jansson writes itself. */
static void put_rare(struct writer *writer, const json_t *value)
{
    size_t room = writer->used < writer->size ? writer->size - writer->used : 0;
    size_t size = json_dumpb(value, room ? writer->buffer + writer->used : NULL, room, FLAGS);

    writer->failed |= size == 0;
    writer->used += size;
}

static void put_integer(struct writer *writer, json_int_t value)
{
    char digits[DIGITS_MAX];
    size_t at = DIGITS_MAX;
    unsigned long long rest = value < 0 ? 0 - (unsigned long long)value : (unsigned long long)value;

    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0) {
        digits[--at] = '-';
    }
    put(writer, digits + at, DIGITS_MAX - at);
}

/* Whether each byte is its own character and needs no backslash. */
static bool is_plain(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)text[i];

        if (byte < ' ' || byte > '~' || byte == '"' || byte == '\\') {
            return false;
        }
    }
    return true;
}

static void put_plain(struct writer *writer, const char *text, size_t size)
{
    put(writer, "\"", 1);
    put(writer, text, size);
    put(writer, "\"", 1);
}

static void put_key(struct writer *writer, const char *key, size_t size)
{
    if (is_plain(key, size)) {
        put_plain(writer, key, size);
    } else {
        json_t *text = json_stringn(key, size);

        put_rare(writer, text);
        json_decref(text);
    }
    put(writer, ":", 1);
}

static void put_value(struct writer *writer, const json_t *value);

static void put_array(struct writer *writer, const json_t *array)
{
    put(writer, "[", 1);
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (i > 0) {
            put(writer, ",", 1);
        }
        put_value(writer, json_array_get(array, i));
    }
    put(writer, "]", 1);
}

static void put_object(struct writer *writer, json_t *object)
{
    bool is_first = true;

    put(writer, "{", 1);
    for (void *member = json_object_iter(object); member;
         member = json_object_iter_next(object, member)) {
        if (!is_first) {
            put(writer, ",", 1);
        }
        is_first = false;
        put_key(writer, json_object_iter_key(member), json_object_iter_key_len(member));
        put_value(writer, json_object_iter_value(member));
    }
    put(writer, "}", 1);
}

static void put_value(struct writer *writer, const json_t *value)
{
    if (json_is_object(value)) {
        put_object(writer, (json_t *)(uintptr_t)value); /* only read */
    } else if (json_is_array(value)) {
        put_array(writer, value);
    } else if (json_is_integer(value)) {
        put_integer(writer, json_integer_value(value));
    } else if (json_is_null(value)) {
        put(writer, "null", 4);
    } else if (json_is_string(value) &&
               is_plain(json_string_value(value), json_string_length(value))) {
        put_plain(writer, json_string_value(value), json_string_length(value));
    } else {
        put_rare(writer, value);
    }
}

size_t rw_json_write(const json_t *value, char *buffer, size_t size)
{
    struct writer writer = {.buffer = buffer, .size = size};

    put_value(&writer, value);
    return writer.failed ? 0 : writer.used;
}
