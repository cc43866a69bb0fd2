/*
 * Preloaded into the real engine in the place of PortAudio: one device that calls back as a real
 * one does, in blocks of changing size. While the callback runs, its thread may do nothing that
 * can wait: the functions below abort when they are called from it, and the kernel reports every
 * system call of it (syscall user dispatch), whichever way it was made.
 */
#include <portaudio.h>

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59
#define PR_SYS_DISPATCH_ON           1
#endif

#define BLOCK_MAX 1200
#define RATE      48000
#define LATENCY_S 0.06

/* Read by the kernel at every system call of the thread: 0 lets it through, 1 is SIGSYS. */
static _Thread_local volatile char inside;

static _Noreturn void refuse(const char *name)
{
    static const char tail[] = " was called from the audio callback\n";
    inside = 0;
    struct iovec parts[] = {{(void *)name, strlen(name)}, {(void *)tail, sizeof(tail) - 1}};
    ssize_t told = writev(STDERR_FILENO, parts, 2);
    (void)told;
    abort();
}

static void check(const char *name)
{
    if (inside) {
        refuse(name);
    }
}

/* ---- what a callback must not call ---- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);

void *malloc(size_t size)
{
    check("malloc");
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    check("calloc");
    return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    check("realloc");
    return __libc_realloc(memory, size);
}

void free(void *memory)
{
    check("free");
    __libc_free(memory);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    check("aligned_alloc");
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
    check("posix_memalign");
    *memory = __libc_memalign(alignment, size);
    return *memory ? 0 : ENOMEM;
}

#define GUARD(type, name, parameters, ...)                                                         \
    type name parameters                                                                           \
    {                                                                                              \
        static type(*real) parameters;                                                             \
        check(#name);                                                                              \
        if (!real) {                                                                               \
            real = (type(*) parameters)dlsym(RTLD_NEXT, #name);                                    \
        }                                                                                          \
        return real(__VA_ARGS__);                                                                  \
    }

GUARD(int, pthread_mutex_lock, (pthread_mutex_t * mutex), mutex)
GUARD(int, pthread_mutex_trylock, (pthread_mutex_t * mutex), mutex)
GUARD(int, pthread_mutex_unlock, (pthread_mutex_t * mutex), mutex)
GUARD(int, pthread_rwlock_rdlock, (pthread_rwlock_t * lock), lock)
GUARD(int, pthread_rwlock_wrlock, (pthread_rwlock_t * lock), lock)
GUARD(int, pthread_cond_signal, (pthread_cond_t * condition), condition)
GUARD(int, pthread_cond_broadcast, (pthread_cond_t * condition), condition)
GUARD(int, pthread_cond_wait, (pthread_cond_t * condition, pthread_mutex_t *mutex), condition,
      mutex)
GUARD(int, sem_post, (sem_t * semaphore), semaphore)
GUARD(int, sem_wait, (sem_t * semaphore), semaphore)
GUARD(ssize_t, read, (int descriptor, void *bytes, size_t size), descriptor, bytes, size)
GUARD(ssize_t, write, (int descriptor, const void *bytes, size_t size), descriptor, bytes, size)
GUARD(ssize_t, send, (int socket, const void *bytes, size_t size, int flags), socket, bytes, size,
      flags)
GUARD(int, close, (int descriptor), descriptor)
GUARD(int, fputs, (const char *text, FILE *file), text, file)
GUARD(int, puts, (const char *text), text)
GUARD(size_t, fwrite, (const void *bytes, size_t size, size_t count, FILE *file), bytes, size,
      count, file)
GUARD(int, vfprintf, (FILE * file, const char *format, va_list arguments), file, format, arguments)
GUARD(void, vsyslog, (int priority, const char *format, va_list arguments), priority, format,
      arguments)
GUARD(int, usleep, (useconds_t time), time)
GUARD(int, sched_yield, (void), )

/* ---- the device ---- */

struct stream {
    PaStreamCallback *callback;
    void *context;
    pthread_t thread;
};

static struct stream the_stream;

static void system_call_made(int number, siginfo_t *info, void *context)
{
    char name[32];
    (void)number;
    (void)context;
    inside = 0;
    snprintf(name, sizeof(name), "system call %d", info->si_syscall);
    refuse(name);
}

/* What the test of this test asks for: one thing that is forbidden. */
static void misbehave(const char *what)
{
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    static void *volatile memory;
    if (strcmp(what, "malloc") == 0) {
        memory = malloc(1);
        free(memory);
    } else if (strcmp(what, "lock") == 0) {
        pthread_mutex_lock(&mutex);
    } else if (strcmp(what, "write") == 0) {
        ssize_t told = write(STDERR_FILENO, "", 0);
        (void)told;
    } else if (strcmp(what, "call") == 0) {
        syscall(SYS_getppid);
    }
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void *device(void *context)
{
    static const unsigned long sizes[] = {480, 16, 1200, 464, 480, 31, 449};
    static float out[2 * BLOCK_MAX];
    struct stream *stream = context;
    const char *fault = getenv("CALLBACK_FAULT");
    struct sigaction action = {.sa_sigaction = system_call_made, .sa_flags = SA_SIGINFO};
    double begun = seconds_now();
    unsigned long frames = 0;

    sigaction(SIGSYS, &action, NULL);
    /* An old kernel lacks it; then there are only the functions above. */
    prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, 0, 0, &inside);
    for (unsigned i = 0;; i++) {
        unsigned long size = sizes[i % (sizeof(sizes) / sizeof(sizes[0]))];
        double ahead = begun + (double)frames / RATE - seconds_now();
        if (ahead > 0) {
            struct timespec time = {.tv_nsec = (long)(1e9 * ahead)};
            nanosleep(&time, NULL);
        }
        PaStreamCallbackTimeInfo info = {
            .currentTime = seconds_now(),
            .outputBufferDacTime = begun + (double)frames / RATE + LATENCY_S,
        };
        inside = 1;
        if (fault && i == 20) {
            misbehave(fault);
        }
        stream->callback(NULL, out, size, &info, i % 50 == 49 ? paOutputUnderflow : 0,
                         stream->context);
        inside = 0;
        frames += size;
    }
    return NULL;
}

PaError Pa_Initialize(void)
{
    return paNoError;
}

PaError Pa_Terminate(void)
{
    return paNoError;
}

const char *Pa_GetErrorText(PaError error)
{
    (void)error;
    return "an error";
}

PaDeviceIndex Pa_GetDeviceCount(void)
{
    return 1;
}

PaDeviceIndex Pa_GetDefaultOutputDevice(void)
{
    return 0;
}

const PaDeviceInfo *Pa_GetDeviceInfo(PaDeviceIndex index)
{
    static const PaDeviceInfo info = {
        .name = "default", .maxOutputChannels = 2, .defaultSampleRate = RATE};
    return index == 0 ? &info : NULL;
}

const PaHostApiInfo *Pa_GetHostApiInfo(PaHostApiIndex index)
{
    static const PaHostApiInfo info = {.type = paALSA, .name = "ALSA"};
    (void)index;
    return &info;
}

PaError Pa_OpenStream(PaStream **stream, const PaStreamParameters *in,
                      const PaStreamParameters *out, double rate, unsigned long frames,
                      PaStreamFlags flags, PaStreamCallback *callback, void *context)
{
    (void)in;
    (void)out;
    (void)frames;
    (void)flags;
    (void)rate;
    the_stream = (struct stream){.callback = callback, .context = context};
    *stream = &the_stream;
    return paNoError;
}

PaError Pa_SetStreamFinishedCallback(PaStream *stream, PaStreamFinishedCallback *callback)
{
    (void)stream;
    (void)callback;
    return paNoError;
}

const PaStreamInfo *Pa_GetStreamInfo(PaStream *stream)
{
    static const PaStreamInfo info = {.outputLatency = LATENCY_S, .sampleRate = RATE};
    (void)stream;
    return &info;
}

PaError Pa_StartStream(PaStream *stream)
{
    struct stream *started = stream;
    return pthread_create(&started->thread, NULL, device, started) == 0 ? paNoError
                                                                        : paUnanticipatedHostError;
}

PaError Pa_IsStreamActive(PaStream *stream)
{
    (void)stream;
    return 1;
}

PaError Pa_AbortStream(PaStream *stream)
{
    (void)stream;
    return paNoError;
}

PaError Pa_CloseStream(PaStream *stream)
{
    (void)stream;
    return paNoError;
}
