/* The real runwalk-engine, spoken to over its socket, with the null output. */
#include "runwalk/wire/wire.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

#define ENGINE   TEST_BUILD_DIR "/runwalk-engine"
#define PATIENCE 30000 /* ms; far beyond anything that works */
#define MS       RW_NS_PER_MS

struct engine {
    pid_t process;
    int socket;
    const struct rw_wire_page *page;
};

static rw_ns boot_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return now.tv_sec * RW_NS_PER_SECOND + now.tv_nsec;
}

static void engine_start(struct engine *engine)
{
    int pair[2];
    int page = memfd_create("page", MFD_CLOEXEC);

    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
    assert_int_equal(ftruncate(page, RW_WIRE_PAGE_SIZE), 0);
    engine->page = mmap(NULL, RW_WIRE_PAGE_SIZE, PROT_READ, MAP_SHARED, page, 0);
    assert_ptr_not_equal(engine->page, MAP_FAILED);
    engine->process = fork();
    if (engine->process == 0) {
        /* By way of numbers that neither of the two has. */
        int socket = fcntl(pair[1], F_DUPFD_CLOEXEC, 20), memory = fcntl(page, F_DUPFD_CLOEXEC, 20);
        dup2(socket, RW_WIRE_SOCKET_FD);
        dup2(memory, RW_WIRE_PAGE_FD);
        dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
        execl(ENGINE, ENGINE, (char *)NULL);
        _exit(127);
    }
    engine->socket = pair[0];
    close(pair[1]);
    close(page);
}

static void tell(struct engine *engine, struct rw_wire_message message)
{
    assert_int_equal(rw_wire_send(engine->socket, &message, -1), RW_OK);
}

/* The next message; fails when the engine is gone or silent. */
static struct rw_wire_message hear(struct engine *engine)
{
    struct pollfd source = {.fd = engine->socket, .events = POLLIN};
    struct rw_wire_message message;

    assert_int_equal(poll(&source, 1, PATIENCE), 1);
    assert_int_equal(rw_wire_receive(engine->socket, &message, NULL), RW_OK);
    return message;
}

static void configure(struct engine *engine, const char *output)
{
    struct rw_wire_message message = {
        .type = RW_WIRE_CONFIG,
        .config = {.latency_ms = 60, .block_frames = 480},
    };
    snprintf(message.config.output, sizeof(message.config.output), "%s", output);
    tell(engine, message);
}

static void engine_start_ready(struct engine *engine)
{
    engine_start(engine);
    configure(engine, "null");
    assert_int_equal(hear(engine).type, RW_WIRE_READY);
}

/* Returns when the engine has closed its end. */
static void wait_for_end(struct engine *engine)
{
    char byte;
    while (recv(engine->socket, &byte, 1, 0) > 0) {
    }
}

/* Closes our end and returns the exit status, or -1 for a signal. */
static int engine_end(struct engine *engine)
{
    int status;

    close(engine->socket);
    munmap((void *)engine->page, RW_WIRE_PAGE_SIZE);
    assert_int_equal(waitpid(engine->process, &status, 0), engine->process);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void started_by_hand_it_says_what_to_do(void **state)
{
    char text[256] = "";
    int status;
    (void)state;

    FILE *output = popen("exec " ENGINE " 2>&1 3<&- 4<&-", "r");
    assert_non_null(output);
    assert_non_null(fgets(text, sizeof(text), output));
    status = pclose(output);
    assert_int_equal(WEXITSTATUS(status), 2);
    assert_non_null(strstr(text, "runwalkd"));
}

static void page_beats_and_position_moves(void **state)
{
    struct engine engine;
    (void)state;

    engine_start_ready(&engine);
    uint64_t first = atomic_load(&engine.page->position);
    rw_ns beat = atomic_load(&engine.page->beat);
    assert_true(beat > 0 && beat <= boot_now());
    rw_ns end = boot_now() + PATIENCE * MS;
    while (atomic_load(&engine.page->latency) == 0 && boot_now() < end) {
        usleep(1000);
    }
    assert_true(atomic_load(&engine.page->position) > first);
    assert_true(atomic_load(&engine.page->latency) > 0);
    assert_int_equal(engine_end(&engine), 0);
}

static void goes_when_the_player_is_gone(void **state)
{
    struct engine engine;
    (void)state;

    engine_start_ready(&engine);
    assert_int_equal(engine_end(&engine), 0);
}

static void quits_when_told(void **state)
{
    struct engine engine;
    (void)state;

    engine_start_ready(&engine);
    tell(&engine, (struct rw_wire_message){.type = RW_WIRE_QUIT});
    wait_for_end(&engine);
    assert_int_equal(engine_end(&engine), 0);
}

static void signals_for_the_daemon_do_not_end_it(void **state)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    struct engine engine;
    (void)state;

    engine_start_ready(&engine);
    for (size_t i = 0; i < RW_COUNT(signals); i++) {
        kill(engine.process, signals[i]);
    }
    tell(&engine, (struct rw_wire_message){.type = RW_WIRE_QUIT});
    wait_for_end(&engine);
    assert_int_equal(engine_end(&engine), 0); /* and not by a signal */
}

static void first_message_must_be_the_configuration(void **state)
{
    struct engine engine;
    (void)state;

    engine_start(&engine);
    tell(&engine, (struct rw_wire_message){.type = RW_WIRE_QUIT});
    wait_for_end(&engine);
    assert_int_equal(engine_end(&engine), 1);
}

static void another_version_is_refused(void **state)
{
    struct engine engine;
    struct rw_wire_message message = {.type = RW_WIRE_CONFIG, .version = RW_WIRE_VERSION + 1};
    (void)state;

    engine_start(&engine);
    assert_int_equal(send(engine.socket, &message, sizeof(message), 0), sizeof(message));
    wait_for_end(&engine);
    assert_int_equal(engine_end(&engine), 1);
}

static void malformed_message_ends_it(void **state)
{
    struct engine engine;
    (void)state;

    engine_start_ready(&engine);
    assert_int_equal(send(engine.socket, "rubbish", 7, 0), 7);
    wait_for_end(&engine);
    engine_end(&engine);
}

static void unknown_output_is_explained(void **state)
{
    struct engine engine;
    (void)state;

    engine_start(&engine);
    configure(&engine, "no device of this name");
    struct rw_wire_message message = hear(&engine);
    assert_int_equal(message.type, RW_WIRE_FAILED);
    assert_true(strlen(message.text) > 10);
    assert_int_equal(engine_end(&engine), 1);
}

static struct rw_wire_message play_of(uint64_t cue, uint32_t epoch, uint32_t clip)
{
    struct rw_wire_message message = {
        .type = RW_WIRE_PLAY,
        .play = {.cue = cue,
                 .epoch = epoch,
                 .at = boot_now() + 3600 * RW_NS_PER_SECOND,
                 .not_after = RW_NS_NEVER,
                 .part_count = 1},
    };
    message.play.parts[0].clip = clip;
    return message;
}

static void assert_dropped(struct engine *engine, uint64_t cue)
{
    struct rw_wire_message message = hear(engine);
    assert_int_equal(message.type, RW_WIRE_REPORT);
    assert_int_equal(message.report.cue, cue);
    assert_int_equal(message.report.outcome, RW_WIRE_DROPPED);
}

static void play_of_an_unknown_clip_is_dropped(void **state)
{
    struct engine engine;
    (void)state;

    engine_start_ready(&engine);
    tell(&engine, play_of(1, 1, 7));
    assert_dropped(&engine, 1);
    assert_int_equal(engine_end(&engine), 0);
}

static void play_that_comes_after_its_cancel_is_dropped(void **state)
{
    struct engine engine;
    struct rw_wire_message load = {.type = RW_WIRE_LOAD, .clip = 7};
    (void)state;

    engine_start_ready(&engine);
    int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_int_equal(rw_wire_send(engine.socket, &load, file), RW_OK);
    close(file);
    tell(&engine, (struct rw_wire_message){.type = RW_WIRE_CANCEL, .epoch = 3});
    tell(&engine, play_of(1, 3, 7));
    assert_dropped(&engine, 1);
    assert_int_equal(engine_end(&engine), 0);
}

static void clip_that_is_no_sound_costs_its_play(void **state)
{
    struct engine engine;
    struct rw_wire_message load = {.type = RW_WIRE_LOAD, .clip = 7};
    (void)state;

    engine_start_ready(&engine);
    int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_int_equal(rw_wire_send(engine.socket, &load, file), RW_OK);
    close(file);
    tell(&engine, play_of(1, 3, 7));
    assert_int_equal(hear(&engine).type, RW_WIRE_NOTE);
    assert_dropped(&engine, 1);
    assert_int_equal(engine_end(&engine), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(started_by_hand_it_says_what_to_do),
        cmocka_unit_test(page_beats_and_position_moves),
        cmocka_unit_test(goes_when_the_player_is_gone),
        cmocka_unit_test(quits_when_told),
        cmocka_unit_test(signals_for_the_daemon_do_not_end_it),
        cmocka_unit_test(first_message_must_be_the_configuration),
        cmocka_unit_test(another_version_is_refused),
        cmocka_unit_test(malformed_message_ends_it),
        cmocka_unit_test(unknown_output_is_explained),
        cmocka_unit_test(play_of_an_unknown_clip_is_dropped),
        cmocka_unit_test(play_that_comes_after_its_cancel_is_dropped),
        cmocka_unit_test(clip_that_is_no_sound_costs_its_play),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
