#include "fixture.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void expect_refusal(struct fixture *fixture, int listen_fd, enum rw_status expected,
                           const char *words)
{
    struct rw_server *before = fixture->server;
    char *problem = NULL;

    assert_int_equal(fixture_start(fixture, listen_fd, &problem), expected);
    assert_ptr_equal(fixture->server, before);
    assert_non_null(problem);
    if (!strstr(problem, words)) {
        fail_msg("'%s' does not say '%s'", problem, words);
    }
    free(problem);
}

static mode_t mode_of(const char *path)
{
    struct stat info;

    assert_int_equal(lstat(path, &info), 0);
    return info.st_mode & 07777;
}

static void make_run_folder(struct fixture *fixture, mode_t mode)
{
    char folder[96];

    snprintf(folder, sizeof(folder), "%s/run", fixture->folder);
    assert_int_equal(mkdir(folder, mode), 0);
    assert_int_equal(chmod(folder, mode), 0);
}

/* A socket bound to the server's path by somebody else. */
static int bind_there(struct fixture *fixture, bool listens)
{
    struct sockaddr_un address = address_of(fixture->path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    if (listens) {
        assert_int_equal(listen(fd, 4), 0);
    }
    return fd;
}

static void expect_service(struct fixture *fixture)
{
    int fd = open_client(fixture);

    call(fixture, fd, "hello");
    close(fd);
}

static void folder_and_socket_are_for_us_alone(void **state)
{
    struct fixture *fixture = *state;
    mode_t mask = umask(0);
    char folder[96];

    snprintf(folder, sizeof(folder), "%s/run", fixture->folder);
    assert_int_equal(fixture_start(fixture, -1, NULL), RW_OK);
    umask(mask);
    assert_int_equal(mode_of(folder), 0700);
    assert_int_equal(mode_of(fixture->path), 0600);
}

static void an_open_folder_is_refused(void **state)
{
    struct fixture *fixture = *state;

    make_run_folder(fixture, 0755);
    expect_refusal(fixture, -1, RW_ESTATE, "chmod 700");
}

/* A process that holds the lock of FIXTURE for a moment, in the name of one that is dead. */
static pid_t leave_lock(struct fixture *fixture)
{
    const struct timespec moment = {.tv_nsec = 50000000};
    char name[128], text[16];
    pid_t dead = fork(), child;

    if (dead == 0) {
        _exit(0);
    }
    assert_int_equal(waitpid(dead, NULL, 0), dead);
    snprintf(name, sizeof(name), "%s/run", fixture->folder);
    assert_int_equal(mkdir(name, S_IRWXU), 0);
    snprintf(name, sizeof(name), "%s.lock", fixture->path);
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    int size = snprintf(text, sizeof(text), "%ld\n", (long)dead);
    assert_int_equal(write(fd, text, (size_t)size), size);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    child = fork();
    if (child == 0) {
        nanosleep(&moment, NULL);
        _exit(0);
    }
    close(fd);
    return child;
}

static void what_a_killed_daemon_left_behind_is_waited_for(void **state)
{
    struct fixture *fixture = *state;
    pid_t child = leave_lock(fixture);

    assert_int_equal(fixture_start(fixture, -1, NULL), RW_OK);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

static void a_second_daemon_is_refused_and_the_first_goes_on(void **state)
{
    struct fixture *fixture = *state;
    char words[64];

    assert_int_equal(fixture_start(fixture, -1, NULL), RW_OK);
    snprintf(words, sizeof(words), "running already, as process %ld;", (long)getpid());
    expect_refusal(fixture, -1, RW_ESTATE, words);
    expect_service(fixture);
}

static void a_stale_socket_is_replaced(void **state)
{
    struct fixture *fixture = *state;

    make_run_folder(fixture, 0700);
    close(bind_there(fixture, true));
    assert_int_equal(fixture_start(fixture, -1, NULL), RW_OK);
    expect_service(fixture);
}

static void a_live_socket_is_never_replaced(void **state)
{
    struct fixture *fixture = *state;
    struct stat before, after;
    int fd;

    make_run_folder(fixture, 0700);
    fd = bind_there(fixture, true);
    assert_int_equal(stat(fixture->path, &before), 0);
    expect_refusal(fixture, -1, RW_ESTATE, "another program listens on");
    /* Not even when it has fallen behind with accepting. */
    for (int i = 0; i < 8; i++) {
        struct sockaddr_un address = address_of(fixture->path);
        int client = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

        (void)connect(client, (struct sockaddr *)&address, sizeof(address));
    }
    expect_refusal(fixture, -1, RW_ESTATE, "another program listens on");
    assert_int_equal(stat(fixture->path, &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
    close(fd);
}

static void what_is_no_socket_is_left_alone(void **state)
{
    struct fixture *fixture = *state;
    FILE *file;

    make_run_folder(fixture, 0700);
    file = fopen(fixture->path, "w");
    assert_non_null(file);
    fclose(file);
    expect_refusal(fixture, -1, RW_ESTATE, "is no socket; remove it");
    assert_int_equal(access(fixture->path, F_OK), 0);
}

static void the_socket_goes_with_the_daemon_and_another_may_follow(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(fixture_start(fixture, -1, NULL), RW_OK);
    fixture_stop(fixture);
    assert_int_equal(access(fixture->path, F_OK), -1);
    assert_int_equal(fixture_start(fixture, -1, NULL), RW_OK);
    expect_service(fixture);
}

static void a_socket_of_somebody_else_is_not_removed_at_the_end(void **state)
{
    struct fixture *fixture = *state;
    int fd;

    assert_int_equal(fixture_start(fixture, -1, NULL), RW_OK);
    assert_int_equal(unlink(fixture->path), 0);
    /* A file system may give the number of the removed file to the next one. */
    char aside[96];

    snprintf(aside, sizeof(aside), "%s/run/aside", fixture->folder);
    close(open(aside, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    fd = bind_there(fixture, true);
    fixture_stop(fixture);
    assert_int_equal(access(fixture->path, F_OK), 0);
    close(fd);
}

static void a_path_that_no_socket_can_have_is_refused(void **state)
{
    struct fixture *fixture = *state;

    memset(fixture->path, 'x', sizeof(fixture->path) - 1);
    expect_refusal(fixture, -1, RW_ELIMIT, "must begin with a slash");
}

static void a_given_socket_is_served_and_stays(void **state)
{
    struct fixture *fixture = *state;
    int fd;

    make_run_folder(fixture, 0700);
    fd = bind_there(fixture, true);
    assert_int_equal(fixture_start(fixture, fd, NULL), RW_OK);
    expect_service(fixture);
    /* The lock is held as ever. */
    expect_refusal(fixture, -1, RW_ESTATE, "running already");
    fixture_stop(fixture);
    assert_int_equal(access(fixture->path, F_OK), 0);
}

static void a_given_descriptor_must_listen(void **state)
{
    struct fixture *fixture = *state;
    int fd, pair[2];

    make_run_folder(fixture, 0700);
    fd = bind_there(fixture, false);
    expect_refusal(fixture, fd, RW_ESTATE, "no listening Unix socket");
    close(fd);
    assert_int_equal(pipe(pair), 0);
    expect_refusal(fixture, pair[0], RW_ESTATE, "no listening Unix socket");
    close(pair[0]);
    close(pair[1]);
    expect_refusal(fixture, 900, RW_ESTATE, "no listening Unix socket");
}

static void a_given_socket_open_to_others_is_refused(void **state)
{
    struct fixture *fixture = *state;
    int fd;

    make_run_folder(fixture, 0700);
    fd = bind_there(fixture, true);
    assert_int_equal(chmod(fixture->path, 0660), 0);
    expect_refusal(fixture, fd, RW_ESTATE, "SocketMode=0600");
    assert_int_equal(chmod(fixture->path, 0600), 0);
    if (geteuid() == 0) {
        assert_int_equal(chown(fixture->path, 65534, 65534), 0);
        expect_refusal(fixture, fd, RW_ESTATE, "owner 65534");
    }
    close(fd);
}

/* Connects as somebody else and prints what comes; runs in a process of its own. */
static void visit(const char *path)
{
    struct sockaddr_un address = address_of(path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    char reply[512] = "";
    ssize_t size = 0, got;

    if (setgid(65534) != 0 || setuid(65534) != 0 ||
        connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
        _exit(2);
    }
    while ((got = recv(fd, reply + size, sizeof(reply) - 1 - (size_t)size, 0)) > 0) {
        size += got;
    }
    _exit(strstr(reply, "\"reason\":\"forbidden\"") ? 0 : 1);
}

static void another_user_is_turned_away(void **state)
{
    struct fixture *fixture = *state;
    char open_path[96];
    struct sockaddr_un address;
    int fd, status;
    pid_t child;

    if (geteuid() != 0) {
        print_message("only root can become another user to be turned away\n");
        skip();
    }
    /* A given socket in a place that everybody can reach: only the daemon's check is left. */
    assert_int_equal(chmod(fixture->folder, 0755), 0);
    snprintf(open_path, sizeof(open_path), "%s/open.sock", fixture->folder);
    address = address_of(open_path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(fd, 4), 0);
    assert_int_equal(fixture_start(fixture, fd, NULL), RW_OK);
    assert_int_equal(chmod(open_path, 0666), 0);
    child = fork();
    if (child == 0) {
        visit(open_path);
    }
    UNTIL(fixture, waitpid(child, &status, WNOHANG) == child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(view_of(fixture).refused, 1);
    assert_int_equal(view_of(fixture).accepted, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(folder_and_socket_are_for_us_alone, fixture_set_up_bare),
        TEST(an_open_folder_is_refused, fixture_set_up_bare),
        TEST(what_a_killed_daemon_left_behind_is_waited_for, fixture_set_up_bare),
        TEST(a_second_daemon_is_refused_and_the_first_goes_on, fixture_set_up_bare),
        TEST(a_stale_socket_is_replaced, fixture_set_up_bare),
        TEST(a_live_socket_is_never_replaced, fixture_set_up_bare),
        TEST(what_is_no_socket_is_left_alone, fixture_set_up_bare),
        TEST(the_socket_goes_with_the_daemon_and_another_may_follow, fixture_set_up_bare),
        TEST(a_socket_of_somebody_else_is_not_removed_at_the_end, fixture_set_up_bare),
        TEST(a_path_that_no_socket_can_have_is_refused, fixture_set_up_bare),
        TEST(a_given_socket_is_served_and_stays, fixture_set_up_bare),
        TEST(a_given_descriptor_must_listen, fixture_set_up_bare),
        TEST(a_given_socket_open_to_others_is_refused, fixture_set_up_bare),
        TEST(another_user_is_turned_away, fixture_set_up_bare),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
