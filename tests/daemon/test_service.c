#include "service.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void given_set(long pid, const char *count)
{
    char text[24];
    snprintf(text, sizeof text, "%ld", pid);
    setenv("LISTEN_PID", text, 1);
    setenv("LISTEN_FDS", count, 1);
    setenv("LISTEN_FDNAMES", "runwalk.socket", 1);
}

static void environment_is_clean(void)
{
    assert_null(getenv("LISTEN_PID"));
    assert_null(getenv("LISTEN_FDS"));
    assert_null(getenv("LISTEN_FDNAMES"));
    assert_null(getenv("NOTIFY_SOCKET"));
}

static void without_a_manager_nothing_is_given(void **state)
{
    struct rw_service service;
    (void)state;
    assert_int_equal(rw_service_init(&service), RW_OK);
    assert_int_equal(service.listen_fd, -1);
    rw_service_tell(&service, RW_SERVICE_READY);
}

static void one_socket_is_taken_and_kept_from_children(void **state)
{
    struct rw_service service;
    (void)state;
    int kept = dup(3); /* whatever the test program has there */
    int fd = open("/dev/null", O_RDONLY);
    if (fd != 3) {
        assert_int_equal(dup2(fd, 3), 3);
        close(fd);
    }
    given_set((long)getpid(), "1");
    assert_int_equal(rw_service_init(&service), RW_OK);
    assert_int_equal(service.listen_fd, 3);
    assert_int_equal(fcntl(3, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    environment_is_clean();
    close(3);
    if (kept >= 0) {
        dup2(kept, 3);
        close(kept);
    }
}

static void what_is_for_another_or_makes_no_sense_is_left(void **state)
{
    static const char *const counts[] = {"0", "", "-1", "one", "99999999999999999999", "1x"};
    struct rw_service service;
    (void)state;
    given_set((long)getpid() + 1, "1");
    assert_int_equal(rw_service_init(&service), RW_OK);
    assert_int_equal(service.listen_fd, -1);
    environment_is_clean();
    for (size_t i = 0; i < RW_COUNT(counts); i++) {
        given_set((long)getpid(), counts[i]);
        assert_int_equal(rw_service_init(&service), RW_OK);
        assert_int_equal(service.listen_fd, -1);
    }
}

static void more_than_one_socket_is_refused(void **state)
{
    struct rw_service service = {.listen_fd = 77};
    (void)state;
    given_set((long)getpid(), "2");
    assert_int_equal(rw_service_init(&service), RW_ESTATE);
    assert_int_equal(service.listen_fd, 77);
    environment_is_clean();
}

/* Listens as a manager does at NAME, and expects each state in its words. */
static void manager_hears(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct rw_service service;
    char heard[128];
    size_t length = strlen(name);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    memcpy(address.sun_path, name, length);
    if (name[0] == '@') {
        address.sun_path[0] = '\0';
    }
    assert_int_equal(bind(fd, (struct sockaddr *)&address,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)),
                     0);
    setenv("NOTIFY_SOCKET", name, 1);
    assert_int_equal(rw_service_init(&service), RW_OK);
    environment_is_clean();

    static const char *const words[] = {"READY=1", "RELOADING=1\nMONOTONIC_USEC=", "STOPPING=1"};
    static const enum rw_service_state states[] = {RW_SERVICE_READY, RW_SERVICE_RELOADING,
                                                   RW_SERVICE_STOPPING};
    for (size_t i = 0; i < RW_COUNT(states); i++) {
        rw_service_tell(&service, states[i]);
        ssize_t size = recv(fd, heard, sizeof heard - 1, MSG_DONTWAIT);
        assert_true(size > 0);
        heard[size] = '\0';
        assert_memory_equal(heard, words[i], strlen(words[i]));
    }
    close(fd);
    rw_service_tell(&service, RW_SERVICE_READY); /* nobody hears it: no harm */
}

static void the_manager_is_told_at_a_path_or_an_abstract_name(void **state)
{
    char folder[] = "/tmp/rw-service-XXXXXX", name[64];
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(name, sizeof name, "%s/notify", folder);
    manager_hears(name);
    unlink(name);
    rmdir(folder);
    snprintf(name, sizeof name, "@runwalk-test-%ld", (long)getpid());
    manager_hears(name);
}

static void an_address_that_cannot_be_is_no_manager(void **state)
{
    char longer[200] = "/";
    const char *names[] = {"", "/", "@", "vsock:2:1234", "relative", longer};
    (void)state;
    memset(longer + 1, 'x', sizeof longer - 2);
    for (size_t i = 0; i < RW_COUNT(names); i++) {
        struct rw_service service;
        setenv("NOTIFY_SOCKET", names[i], 1);
        assert_int_equal(rw_service_init(&service), RW_OK);
        assert_int_equal(service.notified_size, 0);
        rw_service_tell(&service, RW_SERVICE_READY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_manager_nothing_is_given),
        cmocka_unit_test(one_socket_is_taken_and_kept_from_children),
        cmocka_unit_test(what_is_for_another_or_makes_no_sense_is_left),
        cmocka_unit_test(more_than_one_socket_is_refused),
        cmocka_unit_test(the_manager_is_told_at_a_path_or_an_abstract_name),
        cmocka_unit_test(an_address_that_cannot_be_is_no_manager),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
