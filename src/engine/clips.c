#include "clips.h"

static struct clip_entry *find(struct clips *clips, uint32_t id)
{
    for (size_t i = 0; i < RW_COUNT(clips->entries); i++) {
        if (clips->entries[i].descriptor >= 0 && clips->entries[i].id == id) {
            return &clips->entries[i];
        }
    }
    return NULL;
}

static void forget(struct clip_entry *entry)
{
    rw_clip_destroy(entry->clip);
    close(entry->descriptor);
    *entry = (struct clip_entry){.descriptor = -1};
}

void rw_clips_init(struct clips *clips)
{
    for (size_t i = 0; i < RW_COUNT(clips->entries); i++) {
        clips->entries[i] = (struct clip_entry){.descriptor = -1};
    }
}

void rw_clips_finish(struct clips *clips)
{
    for (size_t i = 0; i < RW_COUNT(clips->entries); i++) {
        if (clips->entries[i].descriptor >= 0) {
            forget(&clips->entries[i]);
        }
    }
}

enum rw_status rw_clips_add(struct clips *clips, uint32_t id, int descriptor)
{
    enum rw_status status = RW_EFULL;

    if (find(clips, id)) {
        status = RW_ESTATE;
        goto fail;
    }
    for (size_t i = 0; i < RW_COUNT(clips->entries); i++) {
        if (clips->entries[i].descriptor < 0) {
            clips->entries[i] = (struct clip_entry){.id = id, .descriptor = descriptor};
            return RW_OK;
        }
    }
fail:
    close(descriptor);
    return status;
}

enum rw_status rw_clips_remove(struct clips *clips, uint32_t id)
{
    struct clip_entry *entry = find(clips, id);

    if (!entry) {
        return RW_ENOENT;
    }
    if (entry->holds > 0) {
        return RW_ESTATE;
    }
    forget(entry);
    return RW_OK;
}

enum rw_status rw_clips_hold(struct clips *clips, const struct rw_wire_play *play)
{
    for (uint32_t i = 0; i < play->part_count; i++) {
        if (!find(clips, play->parts[i].clip)) {
            return RW_ENOENT;
        }
    }
    for (uint32_t i = 0; i < play->part_count; i++) {
        find(clips, play->parts[i].clip)->holds++;
    }
    return RW_OK;
}

/* Frees decoded clips that no play holds until what is left of them is small. */
static void trim(struct clips *clips)
{
    size_t idle = 0;

    for (size_t i = 0; i < RW_COUNT(clips->entries); i++) {
        struct clip_entry *entry = &clips->entries[i];
        if (!entry->clip || entry->holds > 0) {
            continue;
        }
        size_t bytes = sizeof(float) * entry->clip->frames * entry->clip->channels;
        if (idle + bytes <= CLIPS_IDLE_BYTES_MAX) {
            idle += bytes;
            continue;
        }
        rw_clip_destroy(entry->clip);
        entry->clip = NULL;
    }
}

void rw_clips_release(struct clips *clips, const struct rw_wire_play *play)
{
    for (uint32_t i = 0; i < play->part_count; i++) {
        find(clips, play->parts[i].clip)->holds--;
    }
    trim(clips);
}

enum rw_status rw_clips_prepare(struct clips *clips, const struct rw_wire_play *play,
                                bool *ret_ready, const char **ret_problem)
{
    for (uint32_t i = 0; i < play->part_count; i++) {
        struct clip_entry *entry = find(clips, play->parts[i].clip);
        if (entry->clip) {
            continue;
        }
        if (lseek(entry->descriptor, 0, SEEK_SET) < 0) {
            return RW_EIO;
        }
        enum rw_status status = rw_clip_load(entry->descriptor, true, &entry->clip, ret_problem);
        if (status != RW_OK) {
            return status;
        }
        *ret_ready = false;
        return RW_OK;
    }
    *ret_ready = true;
    return RW_OK;
}

const struct rw_clip *rw_clips_get(struct clips *clips, uint32_t id)
{
    return find(clips, id)->clip;
}
