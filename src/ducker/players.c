#include "ducker.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#define PREFIX    "org.mpris.MediaPlayer2."
#define PATH      "/org/mpris/MediaPlayer2"
#define INTERFACE "org.mpris.MediaPlayer2.Player"

/* Speaks for other players, which are asked themselves. */
#define PROXY PREFIX "playerctld"

/* ---- the bus in the loop ---- */

static void pump(struct ducker *ducker);

static void bus_ready(pa_mainloop_api *api, pa_io_event *io, int fd, pa_io_event_flags_t flags,
                      void *userdata)
{
    (void)api;
    (void)io;
    (void)fd;
    (void)flags;
    pump(userdata);
}

/* Works on what has come, and sees to it that the loop wakes us for the rest. */
static void pump(struct ducker *ducker)
{
    struct players *players = &ducker->players;
    int result = 1;

    while (players->bus && result > 0) {
        result = sd_bus_process(players->bus, NULL);
    }
    if (!players->bus) {
        return;
    }
    int fd = sd_bus_get_fd(players->bus), events = sd_bus_get_events(players->bus);
    if (result < 0 || fd < 0 || events < 0) {
        rw_players_finish(ducker);
        rw_ducker_settle(ducker);
        return;
    }
    pa_io_event_flags_t flags = (events & POLLIN ? PA_IO_EVENT_INPUT : PA_IO_EVENT_NULL) |
                                (events & POLLOUT ? PA_IO_EVENT_OUTPUT : PA_IO_EVENT_NULL);
    if (players->io) {
        ducker->api->io_enable(players->io, flags);
    } else {
        players->io = ducker->api->io_new(ducker->api, fd, flags, bus_ready, ducker);
    }
}

static void complain(struct ducker *ducker)
{
    if (!ducker->players.has_complained) {
        rw_ducker_note(ducker, "no session bus answers: music players are not paused");
    }
    ducker->players.has_complained = true;
}

static bool open_bus(struct ducker *ducker)
{
    struct players *players = &ducker->players;

    if (!players->bus && sd_bus_open_user(&players->bus) < 0) {
        players->bus = NULL;
        complain(ducker);
    }
    return players->bus != NULL;
}

void rw_players_finish(struct ducker *ducker)
{
    struct players *players = &ducker->players;

    if (players->io) {
        ducker->api->io_free(players->io);
    }
    sd_bus_close_unref(players->bus);
    /* Who was paused cannot be reached any more; their names die with the bus. */
    *players =
        (struct players){.is_down = players->is_down, .has_complained = players->has_complained};
}

/* ---- who is paused ---- */

static void tell_debt(struct ducker *ducker, enum rw_duck_type type, const char *name)
{
    struct rw_duck_message message = {.type = type, .debt.kind = RW_DUCK_PLAYER};

    snprintf(message.debt.name, sizeof(message.debt.name), "%s", name);
    rw_ducker_tell(ducker, &message);
}

/* Puts NAME down as paused by us; false when it is already, or there are too many. */
static bool remember(struct players *players, const char *name)
{
    for (size_t i = 0; i < players->paused_count; i++) {
        if (strcmp(players->paused[i], name) == 0) {
            return false;
        }
    }
    if (players->paused_count == PLAYERS_MAX || strlen(name) >= RW_DUCK_NAME_MAX) {
        return false;
    }
    memcpy(players->paused[players->paused_count++], name, strlen(name) + 1);
    return true;
}

/* What a Get of PlaybackStatus has answered; NULL: nothing. */
static const char *status_in(sd_bus_message *reply)
{
    const char *status;

    if (sd_bus_message_is_method_error(reply, NULL) ||
        sd_bus_message_read(reply, "v", "s", &status) < 0) {
        return NULL;
    }
    return status;
}

static bool ask_status(struct ducker *ducker, const char *name, sd_bus_message_handler_t handler,
                       void *context)
{
    return sd_bus_call_method_async(ducker->players.bus, NULL, name, PATH,
                                    "org.freedesktop.DBus.Properties", "Get", handler, context,
                                    "ss", INTERFACE, "PlaybackStatus") >= 0;
}

/* ---- pausing ---- */

static int seen_before(sd_bus_message *reply, void *userdata, sd_bus_error *error)
{
    struct ducker *ducker = userdata;
    const char *status = status_in(reply);
    const char *sender = sd_bus_message_get_sender(reply);
    (void)error;

    if (!ducker->players.is_down || !status || !sender || strcmp(status, "Playing") != 0 ||
        !remember(&ducker->players, sender)) {
        return 0;
    }
    tell_debt(ducker, RW_DUCK_OWED, sender);
    return sd_bus_call_method_async(ducker->players.bus, NULL, sender, PATH, INTERFACE, "Pause",
                                    NULL, NULL, NULL);
}

static int names_listed(sd_bus_message *reply, void *userdata, sd_bus_error *error)
{
    struct ducker *ducker = userdata;
    const char *name;
    (void)error;

    if (sd_bus_message_is_method_error(reply, NULL) ||
        sd_bus_message_enter_container(reply, 'a', "s") < 0) {
        return 0;
    }
    while (sd_bus_message_read(reply, "s", &name) > 0) {
        if (strncmp(name, PREFIX, strlen(PREFIX)) == 0 && strcmp(name, PROXY) != 0 &&
            !ask_status(ducker, name, seen_before, ducker)) {
            return 0;
        }
    }
    return 0;
}

void rw_players_pause(struct ducker *ducker)
{
    ducker->players.is_down = true;
    if (!open_bus(ducker)) {
        return;
    }
    int result = sd_bus_call_method_async(ducker->players.bus, NULL, "org.freedesktop.DBus",
                                          "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                          "ListNames", names_listed, ducker, NULL);
    if (result < 0) {
        complain(ducker);
    }
    pump(ducker);
}

/* ---- resuming ---- */

/*
 * A player that is to go on. Its name is kept here, since the bus answers in its own name for one
 * that has gone.
 */
struct paused {
    struct ducker *ducker;
    char name[RW_DUCK_NAME_MAX];
};

static void resumed(struct paused *paused)
{
    struct ducker *ducker = paused->ducker;

    free(paused);
    ducker->players.resuming--;
    rw_ducker_settle(ducker);
}

static int played(sd_bus_message *reply, void *userdata, sd_bus_error *error)
{
    struct paused *paused = userdata;
    (void)reply;
    (void)error;

    tell_debt(paused->ducker, RW_DUCK_PAID, paused->name);
    resumed(paused);
    return 0;
}

/* A player that was stopped meanwhile stays so; Play does nothing to one that plays again. */
static int seen_after(sd_bus_message *reply, void *userdata, sd_bus_error *error)
{
    struct paused *paused = userdata;
    struct players *players = &paused->ducker->players;
    const char *status = status_in(reply);
    (void)error;

    if (!status || strcmp(status, "Stopped") == 0) {
        tell_debt(paused->ducker, RW_DUCK_PAID, paused->name);
    } else if (players->is_down) {
        remember(players, paused->name); /* the next cue was faster */
    } else if (sd_bus_call_method_async(players->bus, NULL, paused->name, PATH, INTERFACE, "Play",
                                        played, paused, NULL) >= 0) {
        return 0;
    }
    resumed(paused);
    return 0;
}

static void resume(struct ducker *ducker, const char *name)
{
    struct paused *paused = ducker->players.bus ? calloc(1, sizeof(*paused)) : NULL;

    if (!paused) {
        return;
    }
    paused->ducker = ducker;
    snprintf(paused->name, sizeof(paused->name), "%s", name);
    if (ask_status(ducker, name, seen_after, paused)) {
        ducker->players.resuming++;
    } else {
        free(paused);
    }
}

void rw_players_resume(struct ducker *ducker)
{
    struct players *players = &ducker->players;

    players->is_down = false;
    for (size_t i = 0; i < players->paused_count; i++) {
        resume(ducker, players->paused[i]);
    }
    players->paused_count = 0;
    pump(ducker);
}

void rw_players_owe(struct ducker *ducker, const char *name)
{
    if (!open_bus(ducker) || !remember(&ducker->players, name)) {
        tell_debt(ducker, RW_DUCK_PAID, name);
    } else if (!ducker->players.is_down) {
        rw_players_resume(ducker);
    }
}

bool rw_players_are_settled(const struct players *players)
{
    return players->paused_count == 0 && players->resuming == 0;
}
