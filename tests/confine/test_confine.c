#include "runwalk/confine/confine.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static bool holds(char *const *list, const char *entry)
{
    for (; *list; list++) {
        if (strcmp(*list, entry) == 0) {
            return true;
        }
    }
    return false;
}

/* The environment of these tests: what a session has, and what is nobody's business. */
static void surroundings_set(void)
{
    clearenv();
    setenv("HOME", "/home/ada", 1);
    setenv("PATH", "/usr/bin:/bin", 1);
    setenv("PULSE_SERVER", "unix:/run/pulse", 1);
    setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/run/bus", 1);
    setenv("API_TOKEN", "secret", 1);
    setenv("HOMEPAGE", "no prefix of a name counts", 1);
    setenv("LD_PRELOAD", "/tmp/evil.so", 1);
    setenv("NOTIFY_SOCKET", "/run/systemd/notify", 1);
    setenv("LISTEN_FDS", "1", 1);
}

static void surroundings_clear(void)
{
    clearenv();
    setenv("PATH", "/usr/bin:/bin", 1);
}

static void a_child_sees_only_what_its_kind_needs(void **state)
{
    char *list[RW_CONFINE_ENVIRONMENT_MAX];
    char extra[] = "JACK_NO_START_SERVER=1";
    (void)state;
    surroundings_set();

    rw_confine_environment(RW_CONFINED_ENGINE, extra, list);
    assert_true(holds(list, "HOME=/home/ada"));
    assert_true(holds(list, "PULSE_SERVER=unix:/run/pulse"));
    assert_true(holds(list, "JACK_NO_START_SERVER=1"));
    for (char **entry = list; *entry; entry++) {
        assert_null(strstr(*entry, "secret"));
        assert_null(strstr(*entry, "HOMEPAGE"));
        assert_null(strstr(*entry, "LD_PRELOAD"));
        assert_null(strstr(*entry, "NOTIFY_SOCKET"));
        assert_null(strstr(*entry, "LISTEN_FDS"));
    }

    rw_confine_environment(RW_CONFINED_SPEECH, NULL, list);
    assert_true(holds(list, "PATH=/usr/bin:/bin"));
    assert_false(holds(list, "PULSE_SERVER=unix:/run/pulse"));
    assert_false(holds(list, "DBUS_SESSION_BUS_ADDRESS=unix:path=/run/bus"));

    rw_confine_environment(RW_CONFINED_DUCKER, NULL, list);
    assert_true(holds(list, "PULSE_SERVER=unix:/run/pulse"));
    assert_true(holds(list, "DBUS_SESSION_BUS_ADDRESS=unix:path=/run/bus"));

    rw_confine_environment(RW_CONFINED_INHIBIT, NULL, list);
    assert_null(list[0]);
}

static void a_crowded_environment_is_cut_not_overrun(void **state)
{
    char *list[RW_CONFINE_ENVIRONMENT_MAX];
    char extra[] = "JACK_NO_START_SERVER=1";
    char name[32];
    size_t count = 0;
    (void)state;
    surroundings_set();
    for (int i = 0; i < 200; i++) {
        snprintf(name, sizeof name, "PULSE_%d", i);
        setenv(name, "x", 1);
    }
    rw_confine_environment(RW_CONFINED_ENGINE, extra, list);
    while (list[count]) {
        count++;
    }
    assert_int_equal(count, RW_CONFINE_ENVIRONMENT_MAX - 1);
    assert_ptr_equal(list[count - 1], extra);
}

static bool is_limited(int resource, rlim_t most)
{
    struct rlimit limit;
    return getrlimit((__rlimit_resource_t)resource, &limit) == 0 && limit.rlim_cur <= most &&
           limit.rlim_max <= most;
}

/* In the child: 0, or the number of the rule that does not hold. */
static int rules_look(enum rw_confined kind)
{
    int signal = 0;
    rw_confine_self(kind);
    if (prctl(PR_GET_PDEATHSIG, &signal) != 0 || signal != SIGKILL) {
        return 1;
    }
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) {
        return 2;
    }
    rlim_t descriptors = kind == RW_CONFINED_ENGINE ? 512 : 256;
    if (!is_limited(RLIMIT_CORE, 0) || !is_limited(RLIMIT_NOFILE, descriptors)) {
        return 3;
    }
    if (kind == RW_CONFINED_SPEECH &&
        (!is_limited(RLIMIT_CPU, 120) || !is_limited(RLIMIT_FSIZE, 64u << 20) ||
         !is_limited(RLIMIT_AS, (rlim_t)2047 << 20))) {
        return 4;
    }
    return 0;
}

static void every_child_takes_its_limits(void **state)
{
    static const enum rw_confined kinds[] = {RW_CONFINED_ENGINE, RW_CONFINED_SPEECH,
                                             RW_CONFINED_DUCKER, RW_CONFINED_INHIBIT};
    (void)state;
    for (size_t i = 0; i < RW_COUNT(kinds); i++) {
        int status = 0;
        pid_t pid = fork();
        if (pid == 0) {
            _exit(rules_look(kinds[i]));
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
}

/* Runs runwalk-confine with ARGUMENTS; what it prints goes to OUTPUT. Returns its exit status. */
static int confined_run(const char *const *arguments, char *output, size_t size)
{
    int ends[2], status = 0;
    size_t used = 0;
    ssize_t got;
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        execv(TEST_BUILD_DIR "/runwalk-confine", (char **)(uintptr_t)arguments);
        _exit(99);
    }
    close(ends[1]);
    while ((got = read(ends[0], output + used, size - 1 - used)) > 0) {
        used += (size_t)got;
    }
    output[used] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void the_speech_command_runs_within_them_and_inherits_no_descriptor(void **state)
{
    char output[4096];
    const char *const arguments[] = {
        "runwalk-confine", "grep", "-E", "^(NoNewPrivs|Seccomp):", "/proc/self/status", NULL};
    const char *const limits[] = {"runwalk-confine", "cat", "/proc/self/limits", NULL};
    const char *const descriptors[] = {"runwalk-confine", "ls", "/proc/self/fd", NULL};
    (void)state;
    surroundings_clear();
    int leaked = fcntl(STDERR_FILENO, F_DUPFD, 100); /* not closed by exec */
    assert_int_equal(leaked, 100);

    assert_int_equal(confined_run(arguments, output, sizeof output), 0);
    assert_non_null(strstr(output, "NoNewPrivs:\t1"));
    assert_int_equal(confined_run(limits, output, sizeof output), 0);
    assert_non_null(strstr(output, "Max cpu time              120 "));
    assert_non_null(strstr(output, "Max core file size        0 "));
    assert_int_equal(confined_run(descriptors, output, sizeof output), 0);
    assert_null(strstr(output, "100"));
    close(leaked);
}

static void what_grows_without_end_is_ended(void **state)
{
    char output[64];
    const char *const writes[] = {
        "runwalk-confine", "dd",       "if=/dev/zero", "of=/dev/shm/runwalk-confine-test",
        "bs=1M",           "count=80", "status=none",  NULL};
    (void)state;
    surroundings_clear();
    assert_int_not_equal(confined_run(writes, output, sizeof output), 0);
    unlink("/dev/shm/runwalk-confine-test");
}

static void nothing_is_interpreted_and_what_is_missing_fails(void **state)
{
    char output[256];
    const char *const words[] = {"runwalk-confine", "echo", "$HOME; `id` > x", NULL};
    const char *const missing[] = {"runwalk-confine", "/nonexistent/speaker", NULL};
    const char *const none[] = {"runwalk-confine", NULL};
    (void)state;
    surroundings_clear();
    assert_int_equal(confined_run(words, output, sizeof output), 0);
    assert_string_equal(output, "$HOME; `id` > x\n");
    assert_int_equal(confined_run(missing, output, sizeof output), 127);
    assert_int_equal(confined_run(none, output, sizeof output), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_sees_only_what_its_kind_needs),
        cmocka_unit_test(a_crowded_environment_is_cut_not_overrun),
        cmocka_unit_test(every_child_takes_its_limits),
        cmocka_unit_test(the_speech_command_runs_within_them_and_inherits_no_descriptor),
        cmocka_unit_test(what_grows_without_end_is_ended),
        cmocka_unit_test(nothing_is_interpreted_and_what_is_missing_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
