/* When the short configuration of ALSA is used: only where nobody has a say, and a server is. */
#include "alsa_config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

struct home {
    char path[64];
    char socket[96];
    int listener;
};

static int make_home(void **state)
{
    struct home *home = calloc(1, sizeof(*home));
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    assert_non_null(home);
    snprintf(home->path, sizeof(home->path), "/tmp/rw-alsa-XXXXXX");
    assert_non_null(mkdtemp(home->path));
    snprintf(home->socket, sizeof(home->socket), "%s/native", home->path);
    memcpy(address.sun_path, home->socket, strlen(home->socket) + 1);
    home->listener = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(home->listener, (struct sockaddr *)&address, sizeof(address)), 0);
    setenv("HOME", home->path, 1);
    setenv("PULSE_RUNTIME_PATH", home->path, 1);
    unsetenv("PULSE_SERVER");
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("ALSA_CONFIG_PATH");
    *state = home;
    return 0;
}

static int remove_home(void **state)
{
    struct home *home = *state;

    close(home->listener);
    unlink(home->socket);
    assert_int_equal(rmdir(home->path), 0);
    free(home);
    return 0;
}

static void default_of_a_server_takes_the_short_way(void **state)
{
    char text[128] = "";
    (void)state;

    assert_true(rw_alsa_config_shorten());
    FILE *file = fopen(getenv("ALSA_CONFIG_PATH"), "r");
    assert_non_null(file);
    assert_non_null(fgets(text, sizeof(text), file));
    fclose(file);
    assert_non_null(strstr(text, "type pulse"));
    rw_alsa_config_restore();
    assert_null(getenv("ALSA_CONFIG_PATH"));
}

static void server_may_be_named(void **state)
{
    const struct home *home = *state;
    char name[128];

    setenv("PULSE_RUNTIME_PATH", "/nowhere", 1);
    snprintf(name, sizeof(name), "unix:%s", home->socket);
    setenv("PULSE_SERVER", name, 1);
    assert_true(rw_alsa_config_shorten());
    rw_alsa_config_restore();
    setenv("PULSE_SERVER", home->socket, 1);
    assert_true(rw_alsa_config_shorten());
    rw_alsa_config_restore();
    setenv("PULSE_SERVER", "tcp:elsewhere", 1);
    assert_false(rw_alsa_config_shorten());
}

static void without_a_server_nothing_changes(void **state)
{
    const struct home *home = *state;

    unlink(home->socket);
    assert_false(rw_alsa_config_shorten());
    assert_null(getenv("ALSA_CONFIG_PATH"));
}

static void user_who_has_a_configuration_keeps_it(void **state)
{
    const struct home *home = *state;
    char path[128];

    setenv("ALSA_CONFIG_PATH", "/mine", 1);
    assert_false(rw_alsa_config_shorten());
    assert_string_equal(getenv("ALSA_CONFIG_PATH"), "/mine");
    unsetenv("ALSA_CONFIG_PATH");

    snprintf(path, sizeof(path), "%s/.asoundrc", home->path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
    assert_false(rw_alsa_config_shorten());
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(default_of_a_server_takes_the_short_way, make_home,
                                        remove_home),
        cmocka_unit_test_setup_teardown(server_may_be_named, make_home, remove_home),
        cmocka_unit_test_setup_teardown(without_a_server_nothing_changes, make_home, remove_home),
        cmocka_unit_test_setup_teardown(user_who_has_a_configuration_keeps_it, make_home,
                                        remove_home),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
