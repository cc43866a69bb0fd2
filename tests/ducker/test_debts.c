/* The real runwalk-ducker, told what an earlier one owes, with a session bus of the test's own. */
#include "runwalk/wire/duck.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define DUCKER   TEST_BUILD_DIR "/runwalk-ducker"
#define PATIENCE 30000 /* ms; far beyond anything that works */

/* Starts a bus; *ret_process ends it. The address is what it prints. */
static void bus_start(pid_t *ret_process, char address[256])
{
    int pair[2];
    ssize_t size;

    assert_int_equal(pipe(pair), 0);
    *ret_process = fork();
    if (*ret_process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM); /* also when the test fails */
        dup2(pair[1], STDOUT_FILENO);
        execlp("dbus-daemon", "dbus-daemon", "--session", "--nofork", "--nopidfile",
               "--print-address=1", (char *)NULL);
        _exit(127);
    }
    close(pair[1]);
    size = read(pair[0], address, 255);
    close(pair[0]);
    assert_true(size > 1);
    address[size - 1] = '\0'; /* the end of the line */
}

/* A ducker at SOCKET, with the bus at ADDRESS and no sound server. */
static pid_t ducker_start(int socket, const char *address)
{
    pid_t process = fork();

    if (process == 0) {
        setenv("DBUS_SESSION_BUS_ADDRESS", address, 1);
        setenv("PULSE_SERVER", "unix:/nonexistent", 1);
        int moved = fcntl(socket, F_DUPFD_CLOEXEC, 20);
        dup2(moved, RW_DUCK_SOCKET_FD);
        execl(DUCKER, DUCKER, (char *)NULL);
        _exit(127);
    }
    return process;
}

static void a_player_that_has_gone_is_owed_no_more(void **state)
{
    (void)state;
    char address[256];
    int pair[2], ended;
    pid_t bus = -1;
    struct rw_duck_message got = {0};
    struct rw_duck_message owed = {
        .type = RW_DUCK_OWED,
        .debt = {.kind = RW_DUCK_PLAYER, .name = ":1.99"},
    };
    bus_start(&bus, address);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
    assert_int_equal(rw_duck_send(pair[0], &owed), RW_OK);
    pid_t ducker = ducker_start(pair[1], address);
    close(pair[1]);

    struct pollfd source = {.fd = pair[0], .events = POLLIN};
    assert_int_equal(poll(&source, 1, PATIENCE), 1);
    assert_int_equal(rw_duck_receive(pair[0], &got), RW_OK);
    assert_int_equal(got.type, RW_DUCK_PAID);
    assert_true(rw_duck_is_same_debt(&got.debt, &owed.debt));

    assert_int_equal(waitpid(ducker, &ended, 0), ducker);
    assert_true(WIFEXITED(ended)); /* there is no sound server, and nothing left to give back */
    close(pair[0]);
    kill(bus, SIGTERM);
    waitpid(bus, NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_player_that_has_gone_is_owed_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
