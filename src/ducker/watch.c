#include "ducker.h"

#include <stdio.h>

void rw_watch_init(struct watch *watch)
{
    *watch = (struct watch){
        .own = PA_INVALID_INDEX, .own_sink = PA_INVALID_INDEX, .used = PA_INVALID_INDEX};
}

static bool is_bluetooth(const pa_sink_info *info)
{
    const char *bus = pa_proplist_gets(info->proplist, PA_PROP_DEVICE_BUS);
    const char *api = pa_proplist_gets(info->proplist, PA_PROP_DEVICE_API); /* PipeWire's word */

    return (bus && strcmp(bus, "bluetooth") == 0) || (api && strncmp(api, "bluez", 5) == 0);
}

/* Whether the plug in use is one for earphones. */
static bool is_worn(const pa_sink_info *info)
{
    return info->active_port && (info->active_port->type == PA_DEVICE_PORT_TYPE_HEADPHONES ||
                                 info->active_port->type == PA_DEVICE_PORT_TYPE_HEADSET ||
                                 info->active_port->type == PA_DEVICE_PORT_TYPE_EARPIECE);
}

static const char *device_of(const pa_sink_info *info)
{
    const char *device = pa_proplist_gets(info->proplist, PA_PROP_DEVICE_STRING);
    return device ? device : "";
}

static void tell(struct ducker *ducker, enum rw_duck_type type, const pa_sink_info *info)
{
    struct rw_duck_message message = {.type = type, .sink.is_bluetooth = is_bluetooth(info)};

    snprintf(message.sink.name, sizeof(message.sink.name), "%s", info->name);
    rw_ducker_tell(ducker, &message);
}

static void tell_sink(struct ducker *ducker, const pa_sink_info *info)
{
    struct rw_duck_sink *told = &ducker->watch.told;

    if (strcmp(told->name, info->name) == 0 && told->is_bluetooth == is_bluetooth(info)) {
        return;
    }
    snprintf(told->name, sizeof(told->name), "%s", info->name);
    told->is_bluetooth = is_bluetooth(info);
    tell(ducker, RW_DUCK_SINK, info);
}

static void use(struct watch *watch, const pa_sink_info *info)
{
    watch->used = info->index;
    watch->is_worn = is_worn(info);
    watch->is_lost = false;
    snprintf(watch->name, sizeof(watch->name), "%s", info->name);
    snprintf(watch->device, sizeof(watch->device), "%s", device_of(info));
}

/* The sink that was used has gone, and INFO is where the voice goes to now. */
static void decide(struct ducker *ducker, const pa_sink_info *info)
{
    struct watch *watch = &ducker->watch;
    bool is_back =
        strcmp(watch->name, info->name) == 0 ||
        (watch->device[0] && strcmp(watch->device, device_of(info)) == 0); /* as a headset, say */

    watch->is_lost = false;
    if (is_back) {
        use(watch, info);
    } else {
        tell(ducker, RW_DUCK_LOST, info);
    }
}

/* INFO is the sink our voice goes to, or would go to. */
static void see_target(pa_context *context, const pa_sink_info *info, int end, void *userdata)
{
    struct ducker *ducker = userdata;
    struct watch *watch = &ducker->watch;
    (void)context;

    if (end != 0) {
        return;
    }
    if (watch->is_lost) {
        decide(ducker, info);
    } else if (info->index == watch->used && watch->is_worn && !is_worn(info)) {
        tell(ducker, RW_DUCK_LOST, info); /* the plug has been pulled */
        watch->is_worn = false;
    }
    if (watch->own != PA_INVALID_INDEX && info->index == watch->own_sink) {
        use(watch, info);
    }
    tell_sink(ducker, info);
}

/* The voice has been moved away from the sink that INFO is about, if it still exists. */
static void see_former(pa_context *context, const pa_sink_info *info, int end, void *userdata)
{
    struct ducker *ducker = userdata;
    (void)context;
    (void)info;

    if (end < 0) {
        ducker->watch.is_lost = true;
    }
}

static void see_default(pa_context *context, const pa_server_info *info, void *userdata)
{
    struct ducker *ducker = userdata;

    if (info && info->default_sink_name && ducker->watch.own == PA_INVALID_INDEX) {
        rw_ducker_leave_it(
            pa_context_get_sink_info_by_name(context, info->default_sink_name, see_target, ducker));
    }
}

void rw_watch_ask(struct ducker *ducker)
{
    rw_ducker_leave_it(pa_context_get_server_info(ducker->context, see_default, ducker));
}

void rw_watch_see_stream(struct ducker *ducker, const pa_sink_input_info *info)
{
    struct watch *watch = &ducker->watch;
    bool is_new = watch->own != info->index || watch->own_sink != info->sink;

    watch->own = info->index;
    watch->own_sink = info->sink;
    if (is_new && watch->used != PA_INVALID_INDEX && watch->used != info->sink) {
        rw_ducker_leave_it(
            pa_context_get_sink_info_by_index(ducker->context, watch->used, see_former, ducker));
    }
    if (is_new && info->sink != PA_INVALID_INDEX) {
        rw_ducker_leave_it(
            pa_context_get_sink_info_by_index(ducker->context, info->sink, see_target, ducker));
        rw_ducker_look(ducker); /* at those who are beside it now */
    }
}

void rw_watch_see_stream_end(struct ducker *ducker, uint32_t index)
{
    if (ducker->watch.own != index) {
        return;
    }
    ducker->watch.own = PA_INVALID_INDEX;
    ducker->watch.own_sink = PA_INVALID_INDEX;
    if (ducker->watch.is_lost) {
        rw_watch_ask(ducker);
    }
}

void rw_watch_see_sink(struct ducker *ducker, uint32_t index)
{
    if (index == ducker->watch.used) {
        rw_ducker_leave_it(
            pa_context_get_sink_info_by_index(ducker->context, index, see_target, ducker));
    }
}

void rw_watch_see_sink_end(struct ducker *ducker, uint32_t index)
{
    if (index == ducker->watch.used) {
        ducker->watch.used = PA_INVALID_INDEX;
        ducker->watch.is_lost = true;
        rw_watch_see_server(ducker);
    }
}

void rw_watch_see_server(struct ducker *ducker)
{
    const struct watch *watch = &ducker->watch;

    if (watch->own == PA_INVALID_INDEX) {
        rw_watch_ask(ducker);
    } else if (watch->is_lost && watch->own_sink != PA_INVALID_INDEX) {
        rw_ducker_leave_it(pa_context_get_sink_info_by_index(ducker->context, watch->own_sink,
                                                             see_target, ducker));
    }
}
