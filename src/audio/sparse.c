#include "sparse.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define STORED_AT_ONCE (8 << 20)  /* bytes */
#define HOLE_BYTES     (32 << 10) /* the least; it begins and ends at a multiple of this */

_Static_assert(sizeof(off_t) >= sizeof(sf_count_t), "a day's sound has more than 2 GB");

bool rw_is_zeros(const void *bytes, size_t count)
{
    const char *first = bytes;

    /* Each byte is as the one before: the library's way to compare is the fastest there is. */
    return count == 0 || (*first == 0 && memcmp(first, first + 1, count - 1) == 0);
}

static sf_count_t size_get(void *context)
{
    const struct rw_sparse *sparse = context;

    return sparse->size;
}

static sf_count_t seek(sf_count_t offset, int whence, void *context)
{
    struct rw_sparse *sparse = context;
    sf_count_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? sparse->at : sparse->size;

    if (offset < -from) {
        return -1;
    }
    sparse->at = from + offset;
    return sparse->at;
}

static sf_count_t tell(void *context)
{
    const struct rw_sparse *sparse = context;

    return sparse->at;
}

static sf_count_t read_bytes(void *bytes, sf_count_t count, void *context)
{
    struct rw_sparse *sparse = context;
    ssize_t got;

    do {
        got = pread(sparse->descriptor, bytes, (size_t)count, sparse->at);
    } while (got < 0 && errno == EINTR);
    sparse->at += got > 0 ? got : 0;
    return got > 0 ? got : 0;
}

/*
 * Has the disk begin with what is there. Else it would idle until the end, and then have a gigabyte
 * to do. It is only a request, so nothing is lost when it fails.
 */
static void begin_to_store(struct rw_sparse *sparse)
{
    if (sparse->size - sparse->stored >= STORED_AT_ONCE) {
        (void)sync_file_range(sparse->descriptor, sparse->stored, sparse->size - sparse->stored,
                              SYNC_FILE_RANGE_WRITE);
        sparse->stored = sparse->size;
    }
}

/* Writes COUNT bytes at AT; how many it could. */
static sf_count_t write_run(struct rw_sparse *sparse, const char *bytes, sf_count_t count,
                            sf_count_t at)
{
    sf_count_t done = 0;

    while (done < count) {
        ssize_t written =
            pwrite(sparse->descriptor, bytes + done, (size_t)(count - done), at + done);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            int error = written < 0 ? errno : EIO;
            sparse->error = sparse->error != 0 ? sparse->error : error;
            break;
        }
        done += written;
    }
    return done;
}

/* How many of COUNT bytes, which are for AT, lie before the next multiple of HOLE_BYTES. */
static sf_count_t piece_length(sf_count_t at, sf_count_t count)
{
    sf_count_t length = HOLE_BYTES - at % HOLE_BYTES;

    return length < count ? length : count;
}

/* How many of COUNT bytes, which are for AT, go together: pieces of sound, or of silence. */
static sf_count_t run_length(const char *bytes, sf_count_t count, sf_count_t at, bool *ret_silent)
{
    sf_count_t length = piece_length(at, count);
    bool is_silent = rw_is_zeros(bytes, (size_t)length);

    while (length < count) {
        sf_count_t piece = piece_length(at + length, count - length);
        if (rw_is_zeros(bytes + length, (size_t)piece) != is_silent) {
            break;
        }
        length += piece;
    }
    *ret_silent = is_silent;
    return length;
}

/*
 * Silence is left out piece by piece, but the sound between is written at once: that is easier for
 * the kernel.
 */
static sf_count_t write_bytes(const void *data, sf_count_t count, void *context)
{
    struct rw_sparse *sparse = context;
    const char *bytes = data;
    bool is_at_end = sparse->at == sparse->size; /* elsewhere something else may stand */
    sf_count_t done = 0, run = 0, written = 0;

    while (done < count && written == run) {
        bool is_silent;
        run = run_length(bytes + done, count - done, sparse->at + done, &is_silent);
        written =
            is_silent && is_at_end ? run : write_run(sparse, bytes + done, run, sparse->at + done);
        done += written;
    }
    sparse->at += done;
    sparse->size = sparse->at > sparse->size ? sparse->at : sparse->size;
    begin_to_store(sparse);
    return done;
}

SNDFILE *rw_sparse_open(struct rw_sparse *sparse, int descriptor, SF_INFO *info)
{
    static SF_VIRTUAL_IO io = {size_get, seek, read_bytes, write_bytes, tell};

    *sparse = (struct rw_sparse){.descriptor = descriptor};
    return sf_open_virtual(&io, SFM_WRITE, info, sparse);
}

int rw_sparse_end(const struct rw_sparse *sparse)
{
    if (sparse->error != 0) {
        errno = sparse->error;
        return -1;
    }
    return ftruncate(sparse->descriptor, sparse->size);
}
