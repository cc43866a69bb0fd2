#include "sound.h"

#include "runwalk/audio/ring.h"

#include <pthread.h>
#include <sched.h>

#define CAPACITY 64
#define MESSAGES 3000000u

/* Each word follows from the number, so that a torn or stale message shows. */
struct message {
    uint64_t number;
    uint64_t words[5];
};

static struct message message_of(uint64_t number)
{
    struct message message = {.number = number};
    for (uint64_t i = 0; i < RW_COUNT(message.words); i++) {
        message.words[i] = (number + i) * UINT64_C(0x9e3779b97f4a7c15);
    }
    return message;
}

static bool message_is(const struct message *message, uint64_t number)
{
    struct message expected = message_of(number);
    return memcmp(message, &expected, sizeof(expected)) == 0;
}

struct channel {
    struct rw_ring ring;
    struct message storage[CAPACITY];
};

static void messages_come_out_in_order_until_the_ring_is_empty(void **state)
{
    (void)state;
    struct channel channel;
    struct message message = message_of(99);
    uint64_t pushed = 0, popped = 0;
    uint32_t seed = 3;

    rw_ring_init(&channel.ring, channel.storage, sizeof(message), CAPACITY);
    assert_false(rw_ring_pop(&channel.ring, &message));
    assert_true(message_is(&message, 99)); /* untouched */
    for (int round = 0; round < 2000; round++) {
        for (uint32_t n = random_next(&seed) % 100; n > 0; n--) {
            message = message_of(pushed);
            bool taken = rw_ring_push(&channel.ring, &message);
            assert_int_equal(taken, pushed - popped < CAPACITY);
            pushed += taken;
        }
        for (uint32_t n = random_next(&seed) % 100; n > 0; n--) {
            bool got = rw_ring_pop(&channel.ring, &message);
            assert_int_equal(got, popped < pushed);
            if (got) {
                assert_true(message_is(&message, popped++));
            }
        }
    }
    assert_true(popped > 10 * CAPACITY);
}

static void the_counts_may_wrap(void **state)
{
    (void)state;
    struct channel channel;
    struct message message;

    rw_ring_init(&channel.ring, channel.storage, sizeof(message), CAPACITY);
    atomic_store(&channel.ring.pushed, UINT32_MAX - 10);
    atomic_store(&channel.ring.popped, UINT32_MAX - 10);
    for (uint64_t i = 0; i < CAPACITY; i++) {
        message = message_of(i);
        assert_true(rw_ring_push(&channel.ring, &message));
    }
    assert_false(rw_ring_push(&channel.ring, &message));
    for (uint64_t i = 0; i < CAPACITY; i++) {
        assert_true(rw_ring_pop(&channel.ring, &message));
        assert_true(message_is(&message, i));
    }
    assert_false(rw_ring_pop(&channel.ring, &message));
}

static void *produce(void *context)
{
    struct channel *channel = context;

    for (uint64_t i = 0; i < MESSAGES; i++) {
        struct message message = message_of(i);
        while (!rw_ring_push(&channel->ring, &message)) {
            sched_yield();
        }
    }
    return NULL;
}

static void two_threads_see_every_message_whole_and_once(void **state)
{
    (void)state;
    struct channel *channel = aligned_alloc(RW_CACHE_LINE, sizeof(*channel));
    pthread_t producer;
    uint64_t bad = 0;

    assert_non_null(channel);
    rw_ring_init(&channel->ring, channel->storage, sizeof(struct message), CAPACITY);
    assert_int_equal(pthread_create(&producer, NULL, produce, channel), 0);
    for (uint64_t i = 0; i < MESSAGES; i++) {
        struct message message;
        while (!rw_ring_pop(&channel->ring, &message)) {
            sched_yield();
        }
        bad += !message_is(&message, i);
    }
    pthread_join(producer, NULL);
    assert_int_equal(bad, 0);
    assert_false(rw_ring_pop(&channel->ring, channel->storage));
    free(channel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_come_out_in_order_until_the_ring_is_empty),
        cmocka_unit_test(the_counts_may_wrap),
        cmocka_unit_test(two_threads_see_every_message_whole_and_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
