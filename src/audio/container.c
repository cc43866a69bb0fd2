#include "container.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A program that writes a WAV into a pipe cannot know its length and claims this much or more. */
#define WAV_STREAMED 0x7ffff000u
#define WAV_CHUNKS   256
/* An Ogg page: a header of 27 bytes, up to 255 lengths, and as many times up to 255 bytes. */
#define OGG_HEADER        27u
#define OGG_PAGE          (OGG_HEADER + 255u + 255u * 255u)
#define OGG_END_OF_STREAM 0x04u

static const char truncated[] = "the file ends before its header says";
static const char unreadable[] = "the file cannot be read";

struct reader {
    int descriptor;
    uint64_t size;
    const char *problem;
};

/* Reads COUNT bytes at OFFSET. RW_EINVALID: the file ends before. */
static enum rw_status read_at(struct reader *reader, uint64_t offset, void *bytes, size_t count)
{
    size_t done = 0;

    if (offset > reader->size || count > reader->size - offset) {
        reader->problem = truncated;
        return RW_EINVALID;
    }
    while (done < count) {
        ssize_t got = pread(reader->descriptor, (unsigned char *)bytes + done, count - done,
                            (off_t)(offset + done));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            reader->problem = got == 0 ? truncated : unreadable;
            return got == 0 ? RW_EINVALID : RW_EIO;
        }
        done += (size_t)got;
    }
    return RW_OK;
}

static uint32_t little_endian(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

static enum rw_status check_wav(struct reader *reader)
{
    uint64_t offset = 12, wide_size = 0;

    for (int i = 0; i < WAV_CHUNKS; i++) {
        unsigned char header[8], sizes[16];
        enum rw_status status = read_at(reader, offset, header, sizeof(header));
        if (status != RW_OK) {
            return status;
        }
        uint64_t size = little_endian(header + 4);
        offset += sizeof(header);
        if (memcmp(header, "data", 4) == 0) {
            if (wide_size != 0 && size == UINT32_MAX) {
                size = wide_size;
            } else if (size >= WAV_STREAMED) {
                return RW_OK;
            }
            if (size <= reader->size - offset) {
                return RW_OK;
            }
            reader->problem = truncated;
            return RW_EINVALID;
        }
        if (memcmp(header, "ds64", 4) == 0) {
            status = read_at(reader, offset, sizes, sizeof(sizes));
            if (status != RW_OK) {
                return status;
            }
            wide_size = little_endian(sizes + 8) | (uint64_t)little_endian(sizes + 12) << 32;
        }
        offset += size + size % 2;
    }
    reader->problem = "the WAV file has too many chunks before its sound";
    return RW_EINVALID;
}

static bool page_is_last(const unsigned char *page, size_t count)
{
    size_t length = OGG_HEADER;

    if (count < OGG_HEADER || memcmp(page, "OggS", 4) != 0 || count - OGG_HEADER < page[26]) {
        return false;
    }
    for (size_t i = 0; i < page[26]; i++) {
        length += page[OGG_HEADER + i];
    }
    length += page[26];
    return (page[5] & OGG_END_OF_STREAM) != 0 && length <= count;
}

/* The last page of a whole stream says that it is the last. */
static enum rw_status check_ogg(struct reader *reader)
{
    unsigned char tail[OGG_PAGE];
    size_t count = reader->size < sizeof(tail) ? (size_t)reader->size : sizeof(tail);
    enum rw_status status = read_at(reader, reader->size - count, tail, count);

    if (status != RW_OK) {
        return status;
    }
    for (size_t i = count; i-- > 0;) {
        if (page_is_last(tail + i, count - i)) {
            return RW_OK;
        }
    }
    reader->problem = truncated;
    return RW_EINVALID;
}

enum rw_status rw_container_check(int descriptor, const char **ret_problem)
{
    struct reader reader = {.descriptor = descriptor};
    unsigned char magic[12];
    struct stat file;
    enum rw_status status;

    if (fstat(descriptor, &file) != 0) {
        *ret_problem = unreadable;
        return RW_EIO;
    }
    if (!S_ISREG(file.st_mode)) {
        *ret_problem = "it is not a regular file";
        return RW_EINVALID;
    }
    reader.size = (uint64_t)file.st_size;
    status = read_at(&reader, 0, magic, sizeof(magic));
    if (status == RW_OK) {
        bool is_riff = memcmp(magic, "RIFF", 4) == 0 || memcmp(magic, "RF64", 4) == 0;
        if (is_riff && memcmp(magic + 8, "WAVE", 4) == 0) {
            status = check_wav(&reader);
        } else if (memcmp(magic, "OggS", 4) == 0) {
            status = check_ogg(&reader);
        } else if (memcmp(magic, "fLaC", 4) != 0) {
            reader.problem = "it is not a WAV, FLAC or Ogg file";
            status = RW_EINVALID;
        }
    }
    if (status != RW_OK) {
        *ret_problem = reader.problem;
    }
    return status;
}
