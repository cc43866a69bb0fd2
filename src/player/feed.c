#include "state.h"

#include <fcntl.h>
#include <stdio.h>

static_assert(RW_BUS_COUNT == RW_WIRE_BUSES, "both sides have the same buses");
static_assert(RW_UTTERANCE_PARTS_MAX <= RW_WIRE_PARTS_MAX, "every utterance fits");

enum rw_status rw_feed_config(struct rw_player *player)
{
    struct rw_wire_message message = {
        .type = RW_WIRE_CONFIG,
        .config =
            {
                .wake = player->wake,
                .latency = player->knows_latency ? player->latency : 0,
                .latency_ms = player->config.latency_ms,
                .block_frames = player->config.latency_ms / RW_WIRE_BLOCKS * (RW_RATE / 1000),
                .dither = player->config.dither,
            },
    };
    snprintf(message.config.output, sizeof(message.config.output), "%s", player->config.output);
    return rw_child_send(player->child, &message, -1);
}

static enum rw_status send_volume(struct rw_player *player)
{
    for (uint32_t bus = 0; bus < RW_BUS_COUNT; bus++) {
        struct rw_wire_message message = {
            .type = RW_WIRE_GAIN,
            .gain = {.bus = bus, .gain_db = (float)player->volume_db + rw_bus_gain_db[bus]},
        };
        enum rw_status status = rw_child_send(player->child, &message, -1);
        if (status != RW_OK) {
            return status;
        }
    }
    player->tell_volume = false;
    return RW_OK;
}

static enum rw_status send_cancel(struct rw_player *player)
{
    struct rw_wire_message message = {.type = RW_WIRE_CANCEL, .epoch = player->cancelled};
    enum rw_status status = rw_child_send(player->child, &message, -1);

    if (status == RW_OK) {
        player->tell_cancel = false;
    }
    return status;
}

/*
 * Makes room for one more clip in the engine: the one unused for longest goes. RW_ELIMIT: all
 * are in use.
 */
static enum rw_status unload_one(struct rw_player *player, const struct cue *keep)
{
    size_t oldest = player->clip_count;

    for (size_t i = 0; i < player->clip_count; i++) {
        if (player->clips[i].used == keep->play.cue ||
            rw_cues_use_clip(&player->cues, player->clips[i].clip)) {
            continue;
        }
        if (oldest == player->clip_count || player->clips[i].used < player->clips[oldest].used) {
            oldest = i;
        }
    }
    if (oldest == player->clip_count) {
        return RW_ELIMIT;
    }
    struct rw_wire_message message = {.type = RW_WIRE_UNLOAD, .clip = player->clips[oldest].clip};
    enum rw_status status = rw_child_send(player->child, &message, -1);
    if (status == RW_OK) {
        player->clips[oldest] = player->clips[--player->clip_count];
    }
    return status;
}

/* RW_ENOENT: the file cannot be opened. */
static enum rw_status send_clip(struct rw_player *player, const struct cue *cue, uint32_t clip)
{
    for (size_t i = 0; i < player->clip_count; i++) {
        if (player->clips[i].clip == clip) {
            player->clips[i].used = cue->play.cue;
            return RW_OK;
        }
    }
    if (player->clip_count == RW_COUNT(player->clips)) {
        enum rw_status status = unload_one(player, cue);
        if (status != RW_OK) {
            return status;
        }
    }
    const struct rw_clip_info *info = rw_voice_clip(player->voice, clip);
    int descriptor = open(info->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (descriptor < 0) {
        rw_player_note(player, "%s: %s", info->path, strerror(errno));
        return RW_ENOENT;
    }
    struct rw_wire_message message = {.type = RW_WIRE_LOAD, .clip = clip};
    enum rw_status status = rw_child_send(player->child, &message, descriptor);
    close(descriptor);
    if (status == RW_OK) {
        player->clips[player->clip_count++] = (struct sent_clip){clip, cue->play.cue};
    }
    return status;
}

static enum rw_status send_play(struct rw_player *player, struct cue *cue)
{
    for (uint32_t i = 0; i < cue->play.part_count; i++) {
        enum rw_status status = send_clip(player, cue, cue->play.parts[i].clip);
        if (status != RW_OK) {
            return status;
        }
    }
    struct rw_wire_message message = {.type = RW_WIRE_PLAY, .play = cue->play};
    enum rw_status status = rw_child_send(player->child, &message, -1);
    if (status == RW_OK) {
        cue->state = CUE_SENT;
    }
    return status;
}

static enum rw_status send_plays(struct rw_player *player)
{
    struct cue *cue;

    while ((cue = rw_cues_first_held(&player->cues))) {
        enum rw_status status = send_play(player, cue);
        if (status == RW_ENOENT) {
            rw_player_end_cue(player, cue, RW_OUTCOME_DROPPED, cue->play.at);
        } else if (status != RW_OK) {
            return status; /* it stays held, and is sent when there is room */
        }
    }
    return RW_OK;
}

static enum rw_status send_beats(struct rw_player *player)
{
    for (size_t i = 0; i < player->beats.count; i++) {
        const struct rw_cadence *row = &player->beats.rows[i].row;
        struct rw_wire_message message = {
            .type = RW_WIRE_CADENCE,
            .cadence = {row->from, row->until, row->epoch, row->millisteps},
        };
        if (player->beats.rows[i].sent) {
            continue;
        }
        enum rw_status status = rw_child_send(player->child, &message, -1);
        if (status != RW_OK) {
            return status;
        }
        player->beats.rows[i].sent = true;
    }
    return RW_OK;
}

/* The next file of the music. RW_ENOENT: it cannot be opened. */
static enum rw_status send_tune(struct rw_player *player, const char *path, rw_frame start)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (descriptor < 0) {
        rw_player_note(player, "music: %s: %s", path, strerror(errno));
        return RW_ENOENT;
    }
    struct rw_wire_message message = {
        .type = RW_WIRE_MUSIC,
        .music = {.number = player->tunes.number + 1, .start = start},
    };
    enum rw_status status = rw_child_send(player->child, &message, descriptor);
    close(descriptor);
    return status;
}

static enum rw_status send_music_state(struct rw_player *player, enum rw_wire_music_state state)
{
    struct rw_wire_message message = {.type = RW_WIRE_MUSIC_STATE, .music_state = state};
    return rw_child_send(player->child, &message, -1);
}

static enum rw_status send_music(struct rw_player *player)
{
    struct tunes *tunes = &player->tunes;
    enum rw_status status = RW_OK;
    const char *path;
    rw_frame start;

    if (tunes->tell_clear) {
        status = send_music_state(player, RW_WIRE_MUSIC_CLEAR);
        tunes->tell_clear = status != RW_OK;
    }
    /* An engine whose stream says that it carries no music is about to be replaced. */
    while (status == RW_OK && !player->announces && (path = rw_tunes_next(tunes, &start))) {
        status = send_tune(player, path, start);
        if (status == RW_OK) {
            rw_tunes_given(tunes);
        } else if (status == RW_ENOENT) {
            rw_tunes_pass(tunes);
            status = RW_OK;
        }
    }
    if (status == RW_OK && tunes->tell_state && tunes->given) {
        status = send_music_state(player, tunes->rests ? RW_WIRE_MUSIC_REST : RW_WIRE_MUSIC_PLAY);
        tunes->tell_state = status != RW_OK;
    }
    return status;
}

void rw_feed_engine(struct rw_player *player, rw_ns now)
{
    enum rw_status status = RW_OK;

    if (player->tell_cancel) {
        status = send_cancel(player);
    }
    if (status == RW_OK && player->tell_volume) {
        status = send_volume(player);
    }
    if (status == RW_OK) {
        status = send_plays(player);
    }
    if (status == RW_OK) {
        status = send_beats(player);
    }
    if (status == RW_OK) {
        status = send_music(player);
    }
    /* An engine that is gone is noticed elsewhere; one that does not read is timed. */
    if (status != RW_EFULL) {
        player->blocked_since = 0;
    } else if (player->blocked_since == 0) {
        player->blocked_since = now;
    }
}
