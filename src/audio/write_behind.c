#include "runwalk/audio/write_behind.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#define BLOCKS 8u

struct block {
    float samples[RW_WRITE_BEHIND_FRAMES * RW_CHANNELS];
    uint32_t first, count;
};

struct rw_write_behind {
    struct rw_soundfile *file; /* the thread's while it runs */
    pthread_t thread;
    pthread_mutex_t mutex; /* over what follows, but not over the blocks: each is of one side */
    pthread_cond_t changed;
    uint64_t sent, written; /* blocks; the ones between are the thread's, the others the caller's */
    bool is_over;           /* nothing more is sent */
    int error;              /* an errno; 0: none */
    struct block blocks[BLOCKS];
};

/* Only one side ever waits: this one while all is written, the other while nothing is. */

/* Waits for a block to write; NULL when there is none any more. */
static struct block *take(struct rw_write_behind *writer)
{
    pthread_mutex_lock(&writer->mutex);
    while (writer->written == writer->sent && !writer->is_over) {
        pthread_cond_wait(&writer->changed, &writer->mutex);
    }
    bool has_one = writer->written < writer->sent && writer->error == 0;
    struct block *block = has_one ? &writer->blocks[writer->written % BLOCKS] : NULL;
    pthread_mutex_unlock(&writer->mutex);
    return block;
}

static void *write_all(void *context)
{
    struct rw_write_behind *writer = context;
    struct block *block;

    while ((block = take(writer)) != NULL) {
        const float *samples = block->samples + (size_t)block->first * RW_CHANNELS;
        int error = rw_soundfile_write(writer->file, samples, block->count) == RW_OK ? 0 : errno;

        pthread_mutex_lock(&writer->mutex);
        writer->written++;
        writer->error = error;
        pthread_cond_signal(&writer->changed);
        pthread_mutex_unlock(&writer->mutex);
    }
    return NULL;
}

static void destroy(struct rw_write_behind *writer)
{
    pthread_cond_destroy(&writer->changed);
    pthread_mutex_destroy(&writer->mutex);
    free(writer);
}

enum rw_status rw_write_behind_create(struct rw_soundfile *file,
                                      struct rw_write_behind **ret_writer)
{
    struct rw_write_behind *writer = calloc(1, sizeof(*writer));

    if (!writer) {
        return RW_EMEMORY;
    }
    writer->file = file;
    pthread_mutex_init(&writer->mutex, NULL);
    pthread_cond_init(&writer->changed, NULL);
    if (pthread_create(&writer->thread, NULL, write_all, writer) != 0) {
        destroy(writer);
        return RW_EMEMORY;
    }
    *ret_writer = writer;
    return RW_OK;
}

float *rw_write_behind_room(struct rw_write_behind *writer)
{
    pthread_mutex_lock(&writer->mutex);
    while (writer->sent - writer->written == BLOCKS && writer->error == 0) {
        pthread_cond_wait(&writer->changed, &writer->mutex);
    }
    float *room = writer->error == 0 ? writer->blocks[writer->sent % BLOCKS].samples : NULL;
    pthread_mutex_unlock(&writer->mutex);
    return room;
}

void rw_write_behind_send(struct rw_write_behind *writer, uint32_t first, uint32_t count)
{
    pthread_mutex_lock(&writer->mutex);
    writer->blocks[writer->sent % BLOCKS].first = first;
    writer->blocks[writer->sent % BLOCKS].count = count;
    writer->sent++;
    pthread_cond_signal(&writer->changed);
    pthread_mutex_unlock(&writer->mutex);
}

enum rw_status rw_write_behind_finish(struct rw_write_behind *writer)
{
    pthread_mutex_lock(&writer->mutex);
    writer->is_over = true;
    pthread_cond_signal(&writer->changed);
    pthread_mutex_unlock(&writer->mutex);
    pthread_join(writer->thread, NULL);
    int error = writer->error;
    destroy(writer);
    if (error != 0) {
        errno = error;
        return RW_EIO;
    }
    return RW_OK;
}
