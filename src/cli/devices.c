/* devices: the sound outputs, listed by a child that may hang. */

#include "guard.h"
#include "load.h"
#include "remote.h"
#include "runwalk/audio/output.h"
#include "text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LIST_TIMEOUT_MS 10000

static void devices_tell(void *context, int descriptor)
{
    (void)context;
    struct rw_device *devices;
    size_t count;
    char *problem = NULL;
    if (rw_output_devices(&devices, &count, &problem) != RW_OK) {
        rw_guard_tell_problem(descriptor, problem ? problem : "out of memory");
        free(problem);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        rw_guard_tell(descriptor,
                      json_pack("{s:i, s:s%, s:s%, s:b, s:i, s:f}", "index", devices[i].index,
                                "name", devices[i].name,
                                strnlen(devices[i].name, sizeof devices[i].name), "host",
                                devices[i].host, strnlen(devices[i].host, sizeof devices[i].host),
                                "default", devices[i].is_default, "channels",
                                (int)devices[i].channels, "rate", devices[i].rate));
    }
    rw_guard_tell_end(descriptor);
    free(devices);
}

static void device_print(const struct rw_invocation *invocation, const json_t *device)
{
    char name[128];
    char host[32];
    rw_text_clean(json_string_value(json_object_get(device, "name")), name, sizeof name);
    rw_text_clean(json_string_value(json_object_get(device, "host")), host, sizeof host);
    bool is_default = json_is_true(json_object_get(device, "default"));
    fprintf(invocation->out, "%c %3d  %-40s  %s, %d channels, %.0f Hz\n", is_default ? '*' : ' ',
            (int)json_integer_value(json_object_get(device, "index")), name, host,
            (int)json_integer_value(json_object_get(device, "channels")),
            json_real_value(json_object_get(device, "rate")));
}

static void device_heard(void *context, json_t *told)
{
    json_t *devices = context;
    json_array_append(devices, told);
}

enum rw_exit rw_verb_devices(const struct rw_invocation *invocation)
{
    struct rw_guard guard;
    if (rw_guard_start(devices_tell, NULL, &guard) != RW_OK) {
        return rw_fail(invocation, RW_EXIT_IO, "no process could be started: %s", strerror(errno));
    }
    json_t *devices = json_array();
    enum rw_exit exit = rw_guard_listen(&guard, invocation, LIST_TIMEOUT_MS, device_heard, devices);
    rw_guard_finish(&guard);

    bool as_json = rw_arguments_has(&invocation->arguments, "json");
    if (exit == RW_EXIT_OK && as_json) {
        rw_print_json(invocation, devices);
    }
    if (exit == RW_EXIT_OK && json_array_size(devices) == 0) {
        exit = rw_fail(invocation, RW_EXIT_IO,
                       "there is no sound output; `runwalk render` writes a file instead");
    } else if (exit == RW_EXIT_OK && !as_json) {
        for (size_t i = 0; i < json_array_size(devices); i++) {
            device_print(invocation, json_array_get(devices, i));
        }
    }
    json_decref(devices);
    return exit;
}
