/*
 * A strict, bounded YAML reader: bytes become a tree of nodes that know their place in
 * the file. What people need in no file of ours (aliases, anchors, tags, several
 * documents, keys that are no text, a key twice) is refused by name. It opens no file
 * and knows nothing of what the file is for.
 *
 * Errors stay in the document: the readers below report what is wrong, leave their
 * output as it was and go on, so that one run tells all; rw_yaml_status tells at the end
 * whether anything was wrong. A caller therefore fills in the defaults, reads, and asks:
 *
 *     status = rw_yaml_create(bytes, size, NULL, diagnostics, &yaml);
 *     if (status != RW_OK)
 *         return status;
 *     if (rw_yaml_fields(yaml, rw_yaml_root(yaml), "the configuration", keys, KEY_COUNT, values)) {
 *         rw_yaml_boolean(yaml, values[KEY_TONES], &config.tones);
 *         rw_yaml_duration(yaml, values[KEY_WAKE], 0, 3000, &config.wake_ms);
 *     }
 *     status = rw_yaml_status(yaml);
 *     rw_yaml_destroy(yaml);
 */
#ifndef RUNWALK_YAML_TREE_H
#define RUNWALK_YAML_TREE_H

#include "runwalk/yaml/diagnostic.h"

#define RW_YAML_DEPTH_MAX 32

struct rw_yaml_limits {
    size_t bytes;        /* of the whole file */
    size_t scalar_bytes; /* of one piece of text, as decoded */
    uint32_t depth;      /* of mappings and sequences in one another, <= RW_YAML_DEPTH_MAX */
};

/* 256 KiB, 4 KiB, 16. */
extern const struct rw_yaml_limits rw_yaml_limits_default;

enum rw_yaml_type {
    RW_YAML_SCALAR,
    RW_YAML_SEQUENCE,
    RW_YAML_MAPPING,
    RW_YAML_BAD, /* already reported (an alias, a text too long): readers pass it over silently */
};

/* Owned by the document, as is all that it points to. */
struct rw_yaml_node {
    enum rw_yaml_type type;
    bool plain;            /* of a scalar: written without quotes, and not as a block */
    uint32_t line, column; /* 1-based, column in code points */
    uint32_t width;        /* code points to underline, at least 1 */

    const char *text; /* of a scalar: UTF-8, ends in NUL, holds no other; else NULL */
    uint32_t size;    /* of the text, in bytes */

    uint32_t count;                   /* of the children: items, or values of a mapping */
    const struct rw_yaml_node *first; /* the first child; the others follow by `next` */
    const struct rw_yaml_node *next;
    const struct rw_yaml_node *key; /* of a mapping's value: its key, which has a text even
                                        when it is RW_YAML_BAD; else NULL */
};

struct rw_yaml;

/*
 * Reads BYTES/SIZE within LIMITS (NULL: the default ones). BYTES may go as soon as this
 * returns; DIAGNOSTICS (may be NULL) is kept and must live as long as the document.
 * RW_OK: there is a tree to read, though errors may have been found in it already (see
 * rw_yaml_status). RW_EINVALID: no tree (bad syntax, not UTF-8, empty file); RW_ELIMIT: too
 * large or too deep; diagnostics say why. RW_EMEMORY.
 */
RW_CHECKED enum rw_status rw_yaml_create(const char *bytes, size_t size,
                                         const struct rw_yaml_limits *limits,
                                         struct rw_diagnostics *diagnostics,
                                         struct rw_yaml **ret_yaml);
void rw_yaml_destroy(struct rw_yaml *yaml);

const struct rw_yaml_node *rw_yaml_root(const struct rw_yaml *yaml);

/* RW_OK when nothing was wrong so far, else RW_EINVALID, or RW_EMEMORY. */
RW_CHECKED enum rw_status rw_yaml_status(const struct rw_yaml *yaml);

/* Reports an error at NODE; silent when NODE is RW_YAML_BAD. */
void rw_yaml_error(struct rw_yaml *yaml, const struct rw_yaml_node *node, const char *format, ...)
    RW_PRINTF(3, 4);

/*
 * Zeroed memory that lives as long as the document, aligned for any type. NULL when memory is
 * short; rw_yaml_status then says so.
 */
void *rw_yaml_allocate(struct rw_yaml *yaml, size_t size);

struct rw_yaml_key {
    const char *name;
    bool required;
};

/*
 * Reads the mapping NODE, which must know no other keys than the COUNT ones of KEYS: VALUES[i]
 * becomes the value of KEYS[i], NULL where it is absent. An unknown key is reported with the
 * nearest known one, a required one that is absent too. WHAT says what is being read, with its
 * article: "a step". False when NODE is no mapping (reported; VALUES are then all NULL).
 */
bool rw_yaml_fields(struct rw_yaml *yaml, const struct rw_yaml_node *node, const char *what,
                    const struct rw_yaml_key *keys, size_t count,
                    const struct rw_yaml_node **values);

/* Whether NODE is a sequence or a mapping; reported when not ("WHAT is a list"). NULL: false. */
bool rw_yaml_is_sequence(struct rw_yaml *yaml, const struct rw_yaml_node *node, const char *what);
bool rw_yaml_is_mapping(struct rw_yaml *yaml, const struct rw_yaml_node *node, const char *what);

/*
 * Readers of one value. Each returns true when it has read NODE into its last argument. When NODE
 * is NULL (an absent key) nothing happens; when it is wrong that is reported; the output is
 * untouched in both cases.
 */

/* yes no on off true false, in any case. */
bool rw_yaml_boolean(struct rw_yaml *yaml, const struct rw_yaml_node *node, bool *value);
/* A whole decimal number from MIN to MAX. */
bool rw_yaml_integer(struct rw_yaml *yaml, const struct rw_yaml_node *node, int64_t min,
                     int64_t max, int64_t *value);
/* A decimal number from MIN to MAX, with a point where it is no whole one. */
bool rw_yaml_number(struct rw_yaml *yaml, const struct rw_yaml_node *node, double min, double max,
                    double *value);
/*
 * A duration as rw_duration_parse takes it, from MIN_MS to MAX_MS. With MAX_MS at UINT32_MAX one
 * that is even longer is read as that, for a caller who has words of his own for too long.
 */
bool rw_yaml_duration(struct rw_yaml *yaml, const struct rw_yaml_node *node, uint32_t min_ms,
                      uint32_t max_ms, uint32_t *value_ms);
/*
 * Text of 1 to MAX characters for people: white space at the ends is taken off, a line break or
 * several blanks inside become one blank, control characters are refused. Owned by the document.
 */
bool rw_yaml_text(struct rw_yaml *yaml, const struct rw_yaml_node *node, size_t max,
                  const char **value);
/* One of COUNT words; *value becomes its index. "no" and "false" are taken for "off". */
bool rw_yaml_word(struct rw_yaml *yaml, const struct rw_yaml_node *node, const char *const *words,
                  size_t count, size_t *value);

/* Whether NODE is a scalar that says no: no, off, false. Reports nothing. */
bool rw_yaml_is_off(const struct rw_yaml_node *node);

#endif
