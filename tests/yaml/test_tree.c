/*
 * The reader: what the tree of a file looks like, and the limits it keeps.
 */
#include "runwalk/yaml/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct rw_diagnostics diagnostics;

static enum rw_status text_read(const char *text, const struct rw_yaml_limits *limits,
                                struct rw_yaml **ret_yaml)
{
    rw_diagnostics_init(&diagnostics);
    return rw_yaml_create(text, strlen(text), limits, &diagnostics, ret_yaml);
}

static struct rw_yaml *text_open(const char *text)
{
    struct rw_yaml *yaml = NULL;
    assert_int_equal(text_read(text, NULL, &yaml), RW_OK);
    return yaml;
}

static void assert_place(const struct rw_yaml_node *node, uint32_t line, uint32_t column,
                         uint32_t width)
{
    assert_int_equal(node->line, line);
    assert_int_equal(node->column, column);
    assert_int_equal(node->width, width);
}

static void the_tree_holds_what_the_file_says_and_where(void **state)
{
    (void)state;
    struct rw_yaml *yaml = text_open("name: T\xC3\xBC r\nlist:\n  - 'a b'\n  - {k: \"\"}\n");
    assert_int_equal(rw_yaml_status(yaml), RW_OK);
    const struct rw_yaml_node *root = rw_yaml_root(yaml);
    assert_int_equal(root->type, RW_YAML_MAPPING);
    assert_int_equal(root->count, 2);
    assert_place(root, 1, 1, 4);
    assert_null(root->key);

    const struct rw_yaml_node *name = root->first;
    assert_string_equal(name->key->text, "name");
    assert_string_equal(name->text, "T\xC3\xBC r");
    assert_int_equal(name->size, 5);
    assert_true(name->plain);
    assert_place(name, 1, 7, 4);

    const struct rw_yaml_node *list = name->next;
    assert_int_equal(list->type, RW_YAML_SEQUENCE);
    assert_int_equal(list->count, 2);
    assert_null(list->next);
    assert_string_equal(list->first->text, "a b");
    assert_false(list->first->plain);
    assert_null(list->first->key);
    assert_place(list->first, 3, 5, 5);

    const struct rw_yaml_node *item = list->first->next;
    assert_place(item, 4, 5, 1);
    assert_int_equal(item->first->size, 0);
    assert_place(item->first, 4, 9, 2);
    rw_yaml_destroy(yaml);
}

static void the_tree_outlives_the_bytes(void **state)
{
    (void)state;
    char text[] = "name: Tuesday\n";
    struct rw_yaml *yaml = text_open(text);
    memset(text, 'x', sizeof text);
    assert_string_equal(rw_yaml_root(yaml)->first->text, "Tuesday");
    rw_yaml_destroy(yaml);
}

static void a_caller_may_set_limits_of_its_own(void **state)
{
    (void)state;
    static const struct rw_yaml_limits limits = {.bytes = 20, .scalar_bytes = 4, .depth = 2};
    struct rw_yaml *yaml = NULL;
    assert_int_equal(text_read("a: [1234]\n", &limits, &yaml), RW_OK);
    assert_int_equal(rw_yaml_status(yaml), RW_OK);
    rw_yaml_destroy(yaml);
    yaml = NULL;
    assert_int_equal(text_read("a: [[1]]\n", &limits, &yaml), RW_ELIMIT);
    assert_int_equal(text_read("a: 123456789 12345678\n", &limits, &yaml), RW_ELIMIT);
    assert_null(yaml);
    assert_int_equal(text_read("a: 12345\n", &limits, &yaml), RW_OK);
    assert_int_equal(rw_yaml_status(yaml), RW_EINVALID);
    assert_int_equal(rw_yaml_root(yaml)->first->type, RW_YAML_BAD);
    rw_yaml_destroy(yaml);
}

static void sixteen_levels_are_taken_and_seventeen_are_not(void **state)
{
    (void)state;
    char text[64];
    struct rw_yaml *yaml = NULL;
    for (size_t depth = 16; depth <= 17; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        text[2 * depth] = '\0';
        assert_int_equal(text_read(text, NULL, &yaml), depth == 16 ? RW_OK : RW_ELIMIT);
        assert_int_equal(diagnostics.count, depth - 16);
        rw_yaml_destroy(yaml);
        yaml = NULL;
    }
    assert_int_equal(diagnostics.list[0].column, 17);
}

static void what_is_wrong_is_told_while_the_rest_is_read(void **state)
{
    (void)state;
    struct rw_yaml *yaml = text_open("a: &x 1\nb: *x\nc: !t 2\na: 3\n[d]: 4\n\"\": 5\ne: 6\n");
    assert_int_equal(rw_yaml_status(yaml), RW_EINVALID);
    assert_int_equal(diagnostics.count, 6);
    const struct rw_yaml_node *last = rw_yaml_root(yaml)->first;
    while (last->next) {
        last = last->next;
    }
    assert_string_equal(last->key->text, "e");
    assert_string_equal(last->text, "6");
    rw_yaml_destroy(yaml);
}

/* Text is looked at many bytes at a time. */
static void a_control_character_is_found_wherever_it_stands(void **state)
{
    (void)state;
    for (uint32_t before = 0; before < 80; before++) {
        for (int after = 0; after < 80; after += 3) {
            char text[200];
            struct rw_yaml *yaml = NULL;
            snprintf(text, sizeof text, "# \xC3\xA9%*s\x1F%*s", (int)before, "", after, "");
            assert_int_equal(text_read(text, NULL, &yaml), RW_EINVALID);
            assert_int_equal(diagnostics.list[0].line, 1);
            assert_int_equal(diagnostics.list[0].column, 4 + before);
        }
    }
}

static void a_bad_node_is_reported_only_once(void **state)
{
    (void)state;
    struct rw_yaml *yaml = text_open("a: *x\n");
    assert_int_equal(diagnostics.count, 1);
    const struct rw_yaml_node *node = rw_yaml_root(yaml)->first;
    bool flag = true;
    int64_t number = 7;
    const char *text = "before";
    assert_false(rw_yaml_boolean(yaml, node, &flag));
    assert_false(rw_yaml_integer(yaml, node, 0, 9, &number));
    assert_false(rw_yaml_text(yaml, node, 10, &text));
    assert_false(rw_yaml_is_sequence(yaml, node, "\"a\""));
    assert_false(rw_yaml_is_mapping(yaml, node, "\"a\""));
    assert_int_equal(diagnostics.count, 1);
    assert_true(flag);
    assert_int_equal(number, 7);
    assert_string_equal(text, "before");
    rw_yaml_destroy(yaml);
}

static void a_key_twice_is_found_among_thousands(void **state)
{
    (void)state;
    const size_t room = (size_t)200 * 1024;
    char *text = malloc(room);
    assert_non_null(text);
    size_t used = 0;
    for (unsigned i = 0; i < 10000; i++) {
        used += (size_t)snprintf(text + used, room - used, "key%u: 1\n", (i * 7919) % 10000);
    }
    used += (size_t)snprintf(text + used, room - used, "key77: 1\n");
    struct rw_yaml *yaml = NULL;
    rw_diagnostics_init(&diagnostics);
    assert_int_equal(rw_yaml_create(text, used, NULL, &diagnostics, &yaml), RW_OK);
    assert_int_equal(diagnostics.count, 1);
    assert_int_equal(diagnostics.list[0].line, 10001);
    rw_yaml_destroy(yaml);
    free(text);
}

static void memory_asked_for_is_zero_and_aligned(void **state)
{
    (void)state;
    struct rw_yaml *yaml = text_open("a: 1\n");
    for (size_t size = 0; size < 40000; size = size * 2 + 1) {
        unsigned char *memory = rw_yaml_allocate(yaml, size);
        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++) {
            assert_int_equal(memory[i], 0);
        }
        memset(memory, 0xA5, size);
    }
    assert_int_equal(rw_yaml_status(yaml), RW_OK);
    assert_null(rw_yaml_allocate(yaml, SIZE_MAX - 8));
    assert_int_equal(rw_yaml_status(yaml), RW_EMEMORY);
    rw_yaml_destroy(yaml);
}

static void destroying_nothing_is_fine(void **state)
{
    (void)state;
    rw_yaml_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tree_holds_what_the_file_says_and_where),
        cmocka_unit_test(the_tree_outlives_the_bytes),
        cmocka_unit_test(a_caller_may_set_limits_of_its_own),
        cmocka_unit_test(sixteen_levels_are_taken_and_seventeen_are_not),
        cmocka_unit_test(what_is_wrong_is_told_while_the_rest_is_read),
        cmocka_unit_test(a_control_character_is_found_wherever_it_stands),
        cmocka_unit_test(a_bad_node_is_reported_only_once),
        cmocka_unit_test(a_key_twice_is_found_among_thousands),
        cmocka_unit_test(memory_asked_for_is_zero_and_aligned),
        cmocka_unit_test(destroying_nothing_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
