/*
 * A fault in one file operation: loaded before libc (LD_PRELOAD), it counts what a process and its
 * children do to files below the folder TRUST_ROOT, and makes one operation fail, or kills there.
 * What to do is in a file of six 64-bit integers, TRUST_CONTROL, which benchmarks/trust_faults.py
 * writes. Operations that libraries in C or C++ carry out count like those of Python.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { OPEN = 1, WRITE = 2, SYNC = 4, RENAME = 8, REMOVE = 16, MKDIR = 32, META = 64 };
enum { COUNT, FAIL_ONCE, FAIL_FROM, KILL_ALL, KILL_ONE };
static volatile struct { long count, at, error, mode, kinds, jump; } *control;
static char root[PATH_MAX];

__attribute__((constructor)) static void start(void) {
    const char *file = getenv("TRUST_CONTROL"), *folder = getenv("TRUST_ROOT");
    int fd = file ? open(file, O_RDWR) : -1;
    if (fd < 0 || !folder) return;
    snprintf(root, sizeof root, "%s", folder);
    void *place = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (place != MAP_FAILED) control = place;
}

static int is_below(int dir, const char *path) {
    char full[2 * PATH_MAX], link[64];
    full[0] = 0;
    if (path[0] != '/') {
        snprintf(link, sizeof link, dir == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", dir);
        ssize_t size = readlink(link, full, PATH_MAX - 1);
        if (size < 0) return 0;
        full[size] = 0;
        if (path[0]) strcat(full, "/");
    }
    strncat(full, path, PATH_MAX - 1);
    return strncmp(full, root, strlen(root)) == 0;
}

/* Nonzero where the operation fails, with errno set. */
static int hit(long kind, int dir, const char *path) {
    if (!control || !(control->kinds & kind) || !is_below(dir, path)) return 0;
    long number = __sync_add_and_fetch(&control->count, 1), mode = control->mode;
    if (mode == COUNT || number < control->at || (number > control->at && mode != FAIL_FROM))
        return 0;
    if (mode == KILL_ALL) kill(0, SIGKILL);
    if (mode == KILL_ONE) kill(getpid(), SIGKILL);
    errno = control->error;
    return 1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define IS_NEW(flags) ((flags) & (O_WRONLY | O_RDWR | O_CREAT))
#define OPENING(name)                                                                     \
    int name(const char *path, int flags, ...) {                                          \
        va_list more; va_start(more, flags); mode_t mode = va_arg(more, mode_t); va_end(more); \
        return IS_NEW(flags) && hit(OPEN, AT_FDCWD, path) ? -1 : REAL(name)(path, flags, mode); \
    }
#define OPENING_AT(name)                                                                  \
    int name(int dir, const char *path, int flags, ...) {                                 \
        va_list more; va_start(more, flags); mode_t mode = va_arg(more, mode_t); va_end(more); \
        return IS_NEW(flags) && hit(OPEN, dir, path) ? -1 : REAL(name)(dir, path, flags, mode); \
    }
OPENING(open) OPENING(open64) OPENING_AT(openat) OPENING_AT(openat64)

/* A write that fails or is killed has written half of its bytes. */
#define WRITING(name, half, given, ...)                                                   \
    ssize_t name given {                                                                  \
        long before = control ? control->count : 0;                                       \
        if (control && (control->kinds & WRITE) && before + 1 == control->at && is_below(fd, "")) \
            half;                                                                         \
        return hit(WRITE, fd, "") ? -1 : REAL(name)(__VA_ARGS__);                         \
    }
WRITING(write, (void)!REAL(write)(fd, from, size / 2), (int fd, const void *from, size_t size),
        fd, from, size)
WRITING(pwrite, (void)!REAL(pwrite)(fd, from, size / 2, at),
        (int fd, const void *from, size_t size, off_t at), fd, from, size, at)
WRITING(pwrite64, (void)!REAL(pwrite64)(fd, from, size / 2, at),
        (int fd, const void *from, size_t size, off64_t at), fd, from, size, at)
WRITING(writev, , (int fd, const struct iovec *from, int size), fd, from, size)
WRITING(sendfile, , (int fd, int in, off_t *at, size_t size), fd, in, at, size)
WRITING(sendfile64, , (int fd, int in, off64_t *at, size_t size), fd, in, at, size)

#define SIMPLE(name, kind, dir, path, given, ...) \
    int name given { return hit(kind, dir, path) ? -1 : REAL(name)(__VA_ARGS__); }
SIMPLE(fsync, SYNC, fd, "", (int fd), fd)
SIMPLE(fdatasync, SYNC, fd, "", (int fd), fd)
SIMPLE(rename, RENAME, AT_FDCWD, new, (const char *old, const char *new), old, new)
SIMPLE(renameat, RENAME, to, new, (int from, const char *old, int to, const char *new), from, old,
       to, new)
SIMPLE(link, RENAME, AT_FDCWD, new, (const char *old, const char *new), old, new)
SIMPLE(symlink, RENAME, AT_FDCWD, new, (const char *old, const char *new), old, new)
SIMPLE(unlink, REMOVE, AT_FDCWD, path, (const char *path), path)
SIMPLE(unlinkat, REMOVE, dir, path, (int dir, const char *path, int flags), dir, path, flags)
SIMPLE(rmdir, REMOVE, AT_FDCWD, path, (const char *path), path)
SIMPLE(mkdir, MKDIR, AT_FDCWD, path, (const char *path, mode_t mode), path, mode)
SIMPLE(mkdirat, MKDIR, dir, path, (int dir, const char *path, mode_t mode), dir, path, mode)
SIMPLE(ftruncate, META, fd, "", (int fd, off_t size), fd, size)
SIMPLE(ftruncate64, META, fd, "", (int fd, off64_t size), fd, size)
SIMPLE(chmod, META, AT_FDCWD, path, (const char *path, mode_t mode), path, mode)

/* The clock of the wall, which an administrator may set, jumps forward and back. */
int clock_gettime(clockid_t clock, struct timespec *now) {
    int failed = REAL(clock_gettime)(clock, now);
    if (control && control->jump && clock == CLOCK_REALTIME)
        now->tv_sec += now->tv_nsec / 1000 % 2 ? control->jump : -control->jump;
    return failed;
}
