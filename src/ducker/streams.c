#include "ducker.h"

#include <pulse/ext-stream-restore.h>
#include <stdio.h>
#include <stdlib.h>

#define ALIKE (PA_VOLUME_NORM / 100) /* of one channel's scale */

bool rw_streams_are_alike(const pa_cvolume *a, const pa_cvolume *b)
{
    if (a->channels != b->channels) {
        return false;
    }
    for (unsigned i = 0; i < a->channels; i++) {
        pa_volume_t more = a->values[i] > b->values[i] ? a->values[i] : b->values[i];
        pa_volume_t less = a->values[i] > b->values[i] ? b->values[i] : a->values[i];
        if (more - less > ALIKE) {
            return false;
        }
    }
    return true;
}

/* Whether VOLUME is one that we have given STREAM, not before step FIRST. */
static bool is_ours(const struct stream *stream, const pa_cvolume *volume, unsigned first)
{
    unsigned end = stream->step_count, begin = end > STREAM_STEPS_MAX ? end - STREAM_STEPS_MAX : 0;

    for (unsigned i = first > begin ? first : begin; i < end; i++) {
        if (rw_streams_are_alike(&stream->steps[i % STREAM_STEPS_MAX], volume)) {
            return true;
        }
    }
    return false;
}

static struct stream *find(struct ducker *ducker, uint32_t index)
{
    struct streams *streams = &ducker->streams;

    for (size_t i = 0; i < streams->count; i++) {
        if (streams->list[i].index == index && streams->list[i].state != STREAM_GONE) {
            return &streams->list[i];
        }
    }
    return NULL;
}

unsigned rw_streams_steps(const struct ducker *ducker, uint32_t index)
{
    const struct stream *stream = find((struct ducker *)ducker, index);
    return stream ? stream->step_count : 0;
}

/* ---- debts ---- */

static void tell_debt(struct ducker *ducker, enum rw_duck_type type, const struct stream *stream)
{
    struct rw_duck_message message = {
        .type = type,
        .debt = {.kind = RW_DUCK_STREAM,
                 .server = ducker->server,
                 .index = stream->index,
                 .channels = stream->original.channels},
    };
    static_assert(sizeof(message.debt.volumes) == sizeof(stream->original.values),
                  "a volume has as many channels here as there");
    memcpy(message.debt.volumes, stream->original.values, sizeof(message.debt.volumes));
    snprintf(message.debt.name, sizeof(message.debt.name), "%s", stream->key);
    rw_ducker_tell(ducker, &message);
}

/* Forgets every stream in STATE; they are owed no more. */
static void forget(struct ducker *ducker, enum stream_state state)
{
    struct streams *streams = &ducker->streams;

    for (size_t i = streams->count; i-- > 0;) {
        if (streams->list[i].state != state) {
            continue;
        }
        if (state == STREAM_RETURNING) {
            tell_debt(ducker, RW_DUCK_PAID, &streams->list[i]);
        }
        streams->list[i] = streams->list[--streams->count];
    }
}

static void take_answer(struct ducker *ducker)
{
    if (--ducker->streams.returning == 0) {
        forget(ducker, STREAM_RETURNING);
        rw_ducker_settle(ducker);
    }
}

static void returned(pa_context *context, int success, void *userdata)
{
    (void)context;
    (void)success; /* what cannot be set is gone */
    take_answer(userdata);
}

/* ---- volumes ---- */

static void set_volume(struct ducker *ducker, struct stream *stream, const pa_cvolume *volume)
{
    stream->steps[stream->step_count++ % STREAM_STEPS_MAX] = *volume;
    rw_ducker_leave_it(
        pa_context_set_sink_input_volume(ducker->context, stream->index, volume, NULL, NULL));
}

static void lower(struct ducker *ducker, struct stream *stream, int depth_mb)
{
    pa_cvolume volume;

    pa_sw_cvolume_multiply_scalar(&volume, &stream->original,
                                  pa_sw_volume_from_dB(-depth_mb / 100.0));
    stream->state = STREAM_LOWERED;
    set_volume(ducker, stream, &volume);
}

static void give_back(struct ducker *ducker, struct stream *stream)
{
    stream->steps[stream->step_count++ % STREAM_STEPS_MAX] = stream->original;
    stream->state = STREAM_RETURNING;
    pa_operation *operation = pa_context_set_sink_input_volume(ducker->context, stream->index,
                                                               &stream->original, returned, ducker);
    if (operation) {
        ducker->streams.returning++;
        pa_operation_unref(operation);
    }
}

void rw_streams_apply(struct ducker *ducker)
{
    struct streams *streams = &ducker->streams;
    int depth_mb = rw_ducker_depth(ducker);

    for (size_t i = 0; i < streams->count; i++) {
        struct stream *stream = &streams->list[i];
        bool is_held = stream->state == STREAM_LOWERED || stream->state == STREAM_RETURNING;
        if (is_held && depth_mb > 0) {
            lower(ducker, stream, depth_mb);
        } else if (stream->state == STREAM_LOWERED) {
            give_back(ducker, stream);
        }
    }
    if (depth_mb == 0) {
        forget(ducker, STREAM_LEFT);
        forget(ducker, STREAM_GONE);
    }
}

void rw_streams_give_up(struct ducker *ducker)
{
    ducker->streams = (struct streams){0};
}

bool rw_streams_are_settled(const struct ducker *ducker)
{
    return ducker->streams.returning == 0 && ducker->streams.owed_count == 0;
}

/* ---- streams come, change and go ---- */

/*
 * How loud INFO is when nobody lowers it. The server gives a new stream the volume that the last
 * one of the same program had, and that may have been a lowered one.
 */
static pa_cvolume original_of(const struct ducker *ducker, const pa_sink_input_info *info,
                              const char *key)
{
    const struct streams *streams = &ducker->streams;

    for (size_t i = 0; key[0] && i < streams->count; i++) {
        const struct stream *other = &streams->list[i];
        if (strcmp(other->key, key) == 0 && is_ours(other, &info->volume, 0)) {
            return other->original;
        }
    }
    return info->volume;
}

static struct stream *add(struct ducker *ducker, const pa_sink_input_info *info,
                          const pa_cvolume *original)
{
    const char *key = pa_proplist_gets(info->proplist, "module-stream-restore.id");
    struct stream *stream = &ducker->streams.list[ducker->streams.count++];

    *stream = (struct stream){.index = info->index, .original = *original};
    stream->steps[stream->step_count++] = info->volume;
    snprintf(stream->key, sizeof(stream->key), "%s", key ? key : "");
    return stream;
}

static void consider(struct ducker *ducker, const pa_sink_input_info *info)
{
    const char *key = pa_proplist_gets(info->proplist, "module-stream-restore.id");
    int depth_mb = rw_ducker_depth(ducker);

    if (depth_mb == 0 || info->sink != ducker->watch.own_sink || !info->has_volume ||
        !info->volume_writable || ducker->streams.count == RW_DUCK_DEBTS_MAX) {
        return;
    }
    pa_cvolume original = original_of(ducker, info, key ? key : "");
    struct stream *stream = add(ducker, info, &original);
    tell_debt(ducker, RW_DUCK_OWED, stream);
    lower(ducker, stream, depth_mb);
}

void rw_streams_see(struct ducker *ducker, const pa_sink_input_info *info, unsigned steps)
{
    struct stream *stream = find(ducker, info->index);
    /* The server answers in order: it tells of the last step before the question, or a later one.
     */
    unsigned first = steps > 0 ? steps - 1 : 0;

    if (!stream) {
        consider(ducker, info);
    } else if (stream->state == STREAM_LOWERED && !is_ours(stream, &info->volume, first)) {
        stream->state = STREAM_LEFT;
        tell_debt(ducker, RW_DUCK_PAID, stream);
    } else if (stream->state == STREAM_LOWERED && info->sink != ducker->watch.own_sink &&
               ducker->watch.own_sink != PA_INVALID_INDEX) {
        give_back(ducker, stream);
    }
}

/* Puts right what the server remembers for the successors of streams that ended while lowered. */
static void mend_memory(pa_context *context, const pa_ext_stream_restore_info *info, int end,
                        void *userdata)
{
    struct ducker *ducker = userdata;

    for (size_t i = 0; end == 0 && i < ducker->streams.count; i++) {
        const struct stream *stream = &ducker->streams.list[i];
        if (stream->state != STREAM_GONE || strcmp(stream->key, info->name) != 0 ||
            !is_ours(stream, &info->volume, 0)) {
            continue;
        }
        pa_ext_stream_restore_info mended = *info;
        mended.volume = stream->original;
        rw_ducker_leave_it(
            pa_ext_stream_restore_write(context, PA_UPDATE_REPLACE, &mended, 1, 0, NULL, NULL));
        return;
    }
}

void rw_streams_see_end(struct ducker *ducker, uint32_t index)
{
    struct stream *stream = find(ducker, index);

    if (!stream) {
        return;
    }
    if (stream->state == STREAM_LOWERED) {
        tell_debt(ducker, RW_DUCK_PAID, stream);
        if (stream->key[0]) {
            rw_ducker_leave_it(pa_ext_stream_restore_read(ducker->context, mend_memory, ducker));
        }
    }
    if (stream->state != STREAM_RETURNING) {
        stream->state = STREAM_GONE;
    }
}

/* ---- what an earlier ducker owes ---- */

void rw_streams_owe(struct ducker *ducker, const struct rw_duck_debt *debt)
{
    struct streams *streams = &ducker->streams;

    if (streams->owed_count < RW_DUCK_DEBTS_MAX) {
        streams->owed[streams->owed_count++] = *debt;
    }
    if (ducker->is_connected) {
        rw_streams_claim(ducker);
    }
}

static pa_cvolume volume_of(const struct rw_duck_debt *debt)
{
    pa_cvolume volume = {.channels = (uint8_t)debt->channels};

    memcpy(volume.values, debt->volumes, sizeof(volume.values));
    return volume;
}

struct claim {
    struct ducker *ducker;
    struct rw_duck_debt debt;
};

static void claimed(pa_context *context, const pa_sink_input_info *info, int end, void *userdata)
{
    struct claim *claim = userdata;
    struct ducker *ducker = claim->ducker;
    pa_cvolume original = volume_of(&claim->debt);
    (void)context;

    if (end == 0) {
        bool is_lowered = original.channels == info->volume.channels &&
                          pa_cvolume_valid(&original) &&
                          pa_cvolume_avg(&info->volume) < pa_cvolume_avg(&original);
        if (is_lowered && !find(ducker, info->index) && ducker->streams.count < RW_DUCK_DEBTS_MAX) {
            struct stream *stream = add(ducker, info, &original);
            tell_debt(ducker, RW_DUCK_OWED, stream);
            rw_streams_apply(ducker);
        }
        return;
    }
    free(claim);
    take_answer(ducker);
}

void rw_streams_claim(struct ducker *ducker)
{
    struct streams *streams = &ducker->streams;

    for (size_t i = 0; i < streams->owed_count; i++) {
        const struct rw_duck_debt *debt = &streams->owed[i];
        struct claim *claim = debt->server == ducker->server ? malloc(sizeof(*claim)) : NULL;
        struct rw_duck_message paid = {.type = RW_DUCK_PAID, .debt = *debt};
        rw_ducker_tell(ducker, &paid); /* it is ours now, and told again, or void */
        if (!claim) {
            continue;
        }
        *claim = (struct claim){ducker, *debt};
        pa_operation *operation =
            pa_context_get_sink_input_info(ducker->context, debt->index, claimed, claim);
        if (operation) {
            streams->returning++;
            pa_operation_unref(operation);
        } else {
            free(claim);
        }
    }
    streams->owed_count = 0;
}
