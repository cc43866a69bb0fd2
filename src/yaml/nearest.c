#include "nearest.h"

#include <stdint.h>
#include <string.h>

#define WORD_MAX 32u

static char fold(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return (char)(c - 'A' + 'a');
    }
    return c == '_' ? '-' : c;
}

static size_t min(size_t left, size_t right)
{
    return left < right ? left : right;
}

static bool is_start(const char *word, size_t size, const char *of, size_t of_size)
{
    if (size < 3 || size > of_size) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        if (fold(word[i]) != fold(of[i])) {
            return false;
        }
    }
    return true;
}

size_t rw_nearest_distance(const char *word, size_t size, const char *known)
{
    size_t known_size = strlen(known);
    if (size == 0 || size > WORD_MAX || known_size > WORD_MAX) {
        return SIZE_MAX;
    }
    /* Optimal string alignment: rows[i % 3][j] leads from the first i letters to the first j. */
    size_t rows[3][WORD_MAX + 1];
    for (size_t j = 0; j <= known_size; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= size; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3];
        const size_t *above2 = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= known_size; j++) {
            size_t differ = fold(word[i - 1]) != fold(known[j - 1]);
            row[j] = min(min(above[j] + 1, row[j - 1] + 1), above[j - 1] + differ);
            if (i > 1 && j > 1 && fold(word[i - 1]) == fold(known[j - 2]) &&
                fold(word[i - 2]) == fold(known[j - 1])) {
                row[j] = min(row[j], above2[j - 2] + 1);
            }
        }
    }
    size_t distance = rows[size % 3][known_size];
    size_t longer = size > known_size ? size : known_size;
    if (distance <= (longer <= 4 ? 1u : longer <= 7 ? 2u : 3u)) {
        return distance;
    }
    bool goes_on =
        is_start(word, size, known, known_size) || is_start(known, known_size, word, size);
    return goes_on ? 1 : SIZE_MAX;
}
