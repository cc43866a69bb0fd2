/*
 * Allocations and system calls that fail when they are told to. Allocations of this program and
 * of every library it uses pass through here; under a sanitizer, which has a malloc of its own,
 * only those of runwalk and jansson do.
 */
#include "bench.h"

#include "bench_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif
#ifndef HAS_SANITIZER
#define HAS_SANITIZER 0
#endif

static _Thread_local bool is_paused; /* the bench itself allocates */
static atomic_bool is_armed, is_held;
static atomic_long fail_at, allocations;

/* Whether the allocation at hand is the one that fails. */
static bool allocation_fails(void)
{
    if (!is_armed || is_held || is_paused) {
        return false;
    }
    bool fails = allocations++ == fail_at;
    if (fails) {
        errno = ENOMEM;
    }
    return fails;
}

void bench_fail_allocation(long n)
{
    is_armed = n >= 0;
    if (is_armed) {
        fail_at = n;
        allocations = 0;
    }
}

void bench_hold_faults(bool held)
{
    is_held = held;
}

long bench_allocations(void)
{
    return allocations;
}

long bench_pause_faults(void)
{
    bool was = is_paused;
    is_paused = true;
    return was;
}

void bench_resume_faults(long paused)
{
    is_paused = paused != 0;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t size);
int __wrap_vasprintf(char **ret_text, const char *format, va_list arguments);
int __wrap_asprintf(char **ret_text, const char *format, ...);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t size);
int __real_vasprintf(char **ret_text, const char *format, va_list arguments);

#if HAS_SANITIZER

void *__wrap_malloc(size_t size)
{
    return allocation_fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return allocation_fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    return allocation_fails() ? NULL : __real_realloc(memory, size);
}

char *__wrap_strdup(const char *text)
{
    return allocation_fails() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t size)
{
    return allocation_fails() ? NULL : __real_strndup(text, size);
}

int __wrap_vasprintf(char **ret_text, const char *format, va_list arguments)
{
    return allocation_fails() ? -1 : __real_vasprintf(ret_text, format, arguments);
}

__attribute__((constructor)) static void jansson_allocates_here(void)
{
    json_set_alloc_funcs(__wrap_malloc, free);
}

size_t bench_memory(void)
{
    return 0;
}

#else

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);

static atomic_size_t in_use;

static void *taken(void *memory)
{
    in_use += malloc_usable_size(memory);
    return memory;
}

void *malloc(size_t size)
{
    return allocation_fails() ? NULL : taken(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
    return allocation_fails() ? NULL : taken(__libc_calloc(count, size));
}

void *realloc(void *memory, size_t size)
{
    if (allocation_fails()) {
        return NULL;
    }
    size_t before = malloc_usable_size(memory);
    void *moved = __libc_realloc(memory, size);
    if (moved) {
        in_use -= before;
    }
    return taken(moved);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return allocation_fails() ? NULL : taken(__libc_memalign(alignment, size));
}

int posix_memalign(void **ret_memory, size_t alignment, size_t size)
{
    void *memory = aligned_alloc(alignment, size);
    if (memory) {
        *ret_memory = memory;
    }
    return memory ? 0 : ENOMEM;
}

void free(void *memory)
{
    in_use -= malloc_usable_size(memory);
    __libc_free(memory);
}

/* The compiler would make these calls of the C library's anyway. */
void *__wrap_malloc(size_t size)
{
    return malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    return realloc(memory, size);
}

char *__wrap_strdup(const char *text)
{
    return __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t size)
{
    return __real_strndup(text, size);
}

int __wrap_vasprintf(char **ret_text, const char *format, va_list arguments)
{
    return __real_vasprintf(ret_text, format, arguments);
}

size_t bench_memory(void)
{
    return in_use;
}

#endif

int __wrap_asprintf(char **ret_text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = __wrap_vasprintf(ret_text, format, arguments);
    va_end(arguments);
    return size;
}

void *bench_own_allocate(size_t size)
{
    long paused = bench_pause_faults();
    void *memory = __real_malloc(size);
    bench_resume_faults(paused);
    if (!memory) {
        abort();
    }
    return memory;
}

void bench_own_free(void *memory)
{
    free(memory);
}

/* ---- system calls ---- */

static struct {
    long skip, count, seen;
    int error;
} calls[BENCH_CALLS];

const char *bench_call_name(enum bench_call_kind kind)
{
    static const char *const names[BENCH_CALLS] = {
        [BENCH_READ] = "read", [BENCH_WRITE] = "write",   [BENCH_FSYNC] = "fsync",
        [BENCH_OPEN] = "open", [BENCH_ACCEPT] = "accept", [BENCH_RECV] = "recv",
        [BENCH_SEND] = "send", [BENCH_SPAWN] = "fork",
    };
    return names[kind];
}

void bench_fail_call(enum bench_call_kind kind, long n, long count, int error)
{
    calls[kind].skip = n;
    calls[kind].count = count;
    calls[kind].error = error;
    calls[kind].seen = 0;
}

long bench_calls(enum bench_call_kind kind)
{
    return calls[kind].seen;
}

static bool call_fails(enum bench_call_kind kind)
{
    long index = calls[kind].seen++ - calls[kind].skip;
    if (is_paused || index < 0 || index >= calls[kind].count) {
        return false;
    }
    errno = calls[kind].error;
    return true;
}

#define CALL(kind, type, name, parameters, ...)                                                    \
    type __real_##name parameters;                                                                 \
    type __wrap_##name parameters;                                                                 \
    type __wrap_##name parameters                                                                  \
    {                                                                                              \
        return call_fails(kind) ? -1 : __real_##name(__VA_ARGS__);                                 \
    }

CALL(BENCH_READ, ssize_t, read, (int fd, void *bytes, size_t size), fd, bytes, size)
CALL(BENCH_READ, ssize_t, pread, (int fd, void *bytes, size_t size, off_t offset), fd, bytes, size,
     offset)
CALL(BENCH_WRITE, ssize_t, write, (int fd, const void *bytes, size_t size), fd, bytes, size)
CALL(BENCH_WRITE, ssize_t, pwrite, (int fd, const void *bytes, size_t size, off_t offset), fd,
     bytes, size, offset)
CALL(BENCH_FSYNC, int, fsync, (int fd), fd)
CALL(BENCH_FSYNC, int, fdatasync, (int fd), fd)
CALL(BENCH_ACCEPT, int, accept4, (int fd, struct sockaddr *address, socklen_t *size, int flags), fd,
     address, size, flags)
CALL(BENCH_RECV, ssize_t, recv, (int fd, void *bytes, size_t size, int flags), fd, bytes, size,
     flags)
CALL(BENCH_SEND, ssize_t, send, (int fd, const void *bytes, size_t size, int flags), fd, bytes,
     size, flags)

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
    mode_t mode = 0;
    if (flags & O_CREAT) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
    }
    return call_fails(BENCH_OPEN) ? -1 : __real_open(path, flags, mode);
}

int __real_uv_spawn(uv_loop_t *loop, uv_process_t *process, const uv_process_options_t *options);
int __wrap_uv_spawn(uv_loop_t *loop, uv_process_t *process, const uv_process_options_t *options);
int __wrap_uv_spawn(uv_loop_t *loop, uv_process_t *process, const uv_process_options_t *options)
{
    if (call_fails(BENCH_SPAWN)) {
        /* As libuv leaves it when fork fails: with a handle that wants closing. */
        uv_stdio_container_t nowhere = {.flags = UV_INHERIT_FD, .data.fd = -1};
        uv_process_options_t nothing = *options;
        nothing.stdio_count = 1;
        nothing.stdio = &nowhere;
        int status = __real_uv_spawn(loop, process, &nothing);
        return status == UV_EINVAL ? UV_EAGAIN : status;
    }
    return __real_uv_spawn(loop, process, options);
}

ssize_t bench_own_send(int fd, const void *bytes, size_t size)
{
    return __real_send(fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
}

ssize_t bench_own_recv(int fd, void *bytes, size_t size)
{
    return __real_recv(fd, bytes, size, MSG_DONTWAIT);
}
