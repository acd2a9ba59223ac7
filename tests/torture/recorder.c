/* Notes what a process writes below one directory: preloaded, it tells every write, truncation, flush, creation, rename
   and removal to a log, after it was done and in order. One record: type, path length, second path length, offset, data
   length, then both paths and the data. RECORD_DIRECTORY and RECORD_LOG say what and where. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static const char *root;
static size_t root_length;
static int log_descriptor = -1;

__attribute__((constructor)) static void begin(void) {
    const char *log = getenv("RECORD_LOG");
    root = getenv("RECORD_DIRECTORY");
    if (!log || !root) return;
    root_length = strlen(root);
    log_descriptor = REAL(open)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static const char *below(const char *path) { /* the part of an absolute path below the directory, NULL elsewhere */
    if (log_descriptor < 0 || !path || strncmp(path, root, root_length)) return NULL;
    if (path[root_length] == 0) return path + root_length;
    return path[root_length] == '/' ? path + root_length + 1 : NULL;
}

static const char *of_descriptor(int descriptor, char *space) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, space, PATH_MAX - 1);
    if (length < 0) return NULL;
    space[length] = 0;
    return below(space);
}

static const char *at(int directory, const char *path, char *space) {
    if (directory == AT_FDCWD || path[0] == '/') return below(path);
    char folder[PATH_MAX];
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
    ssize_t length = readlink(link, folder, sizeof folder - 1);
    if (length < 0) return NULL;
    folder[length] = 0;
    snprintf(space, PATH_MAX, "%s/%s", folder, path);
    return below(space);
}

static void note(uint8_t type, const char *path, const char *other, uint64_t offset, const void *data, uint64_t size) {
    if (log_descriptor < 0 || !path) return;
    int before = errno;
    struct __attribute__((packed)) { uint8_t type; uint16_t path, other; uint64_t offset, size; } head =
        {type, strlen(path), other ? strlen(other) : 0, offset, size};
    struct iovec parts[] = {
        {&head, sizeof head}, {(void *)path, head.path}, {(void *)other, head.other}, {(void *)data, data ? size : 0}};
    if (REAL(writev)(log_descriptor, parts, 4) < 0) abort();
    errno = before;
}

#define OPENED(call, where)                                                                     \
    mode_t mode = 0;                                                                            \
    if (flags & O_CREAT) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); } \
    char space[PATH_MAX];                                                                       \
    const char *name = where;                                                                   \
    int there = name && faccessat(directory, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;             \
    int descriptor = call;                                                                      \
    if (descriptor >= 0 && name && (flags & O_CREAT) && !there) note('C', name, NULL, 0, NULL, 0); \
    if (descriptor >= 0 && name && (flags & O_TRUNC) && there) note('T', name, NULL, 0, NULL, 0); \
    return descriptor;

int open(const char *path, int flags, ...) {
    int directory = AT_FDCWD; OPENED(REAL(open)(path, flags, mode), at(directory, path, space)) }
int open64(const char *path, int flags, ...) {
    int directory = AT_FDCWD; OPENED(REAL(open64)(path, flags, mode), at(directory, path, space)) }
int openat(int directory, const char *path, int flags, ...) {
    OPENED(REAL(openat)(directory, path, flags, mode), at(directory, path, space)) }
int openat64(int directory, const char *path, int flags, ...) {
    OPENED(REAL(openat64)(directory, path, flags, mode), at(directory, path, space)) }

static void wrote(int descriptor, const void *data, ssize_t done, off64_t offset) {
    char space[PATH_MAX];
    if (done > 0) note('W', of_descriptor(descriptor, space), NULL, offset, data, done);
}

ssize_t write(int descriptor, const void *data, size_t size) {
    off64_t offset = log_descriptor < 0 ? 0 : lseek64(descriptor, 0, SEEK_CUR);
    if (offset >= 0 && log_descriptor >= 0 && (fcntl(descriptor, F_GETFL) & O_APPEND)) offset = lseek64(descriptor, 0, SEEK_END);
    ssize_t done = REAL(write)(descriptor, data, size);
    if (offset >= 0) wrote(descriptor, data, done, offset);
    return done;
}
ssize_t pwrite(int descriptor, const void *data, size_t size, off_t offset) {
    ssize_t done = REAL(pwrite)(descriptor, data, size, offset);
    wrote(descriptor, data, done, offset);
    return done;
}
ssize_t pwrite64(int descriptor, const void *data, size_t size, off64_t offset) {
    ssize_t done = REAL(pwrite64)(descriptor, data, size, offset);
    wrote(descriptor, data, done, offset);
    return done;
}

#define ON_DESCRIPTOR(type, call, offset)                                          \
    int done = call;                                                               \
    char space[PATH_MAX];                                                          \
    if (!done) note(type, of_descriptor(descriptor, space), NULL, offset, NULL, 0); \
    return done;

int ftruncate(int descriptor, off_t size) { ON_DESCRIPTOR('T', REAL(ftruncate)(descriptor, size), size) }
int ftruncate64(int descriptor, off64_t size) { ON_DESCRIPTOR('T', REAL(ftruncate64)(descriptor, size), size) }
int fsync(int descriptor) { ON_DESCRIPTOR('S', REAL(fsync)(descriptor), 0) }
int fdatasync(int descriptor) { ON_DESCRIPTOR('S', REAL(fdatasync)(descriptor), 0) }

#define ON_NAME(type, call, where)                                 \
    char space[PATH_MAX];                                          \
    const char *name = where;                                      \
    int done = call;                                               \
    if (!done) note(type, name, NULL, 0, NULL, 0);                 \
    return done;

int unlink(const char *path) { ON_NAME('U', REAL(unlink)(path), at(AT_FDCWD, path, space)) }
int unlinkat(int directory, const char *path, int flags) {
    ON_NAME('U', REAL(unlinkat)(directory, path, flags), at(directory, path, space)) }
int mkdir(const char *path, mode_t mode) { ON_NAME('M', REAL(mkdir)(path, mode), at(AT_FDCWD, path, space)) }
int mkdirat(int directory, const char *path, mode_t mode) {
    ON_NAME('M', REAL(mkdirat)(directory, path, mode), at(directory, path, space)) }

#define MOVED(call, from_where, to_where)                                  \
    char from_space[PATH_MAX], to_space[PATH_MAX];                         \
    const char *from = from_where, *to = to_where;                         \
    int done = call;                                                       \
    if (!done && from && to) note('R', from, to, 0, NULL, 0);              \
    return done;

int rename(const char *path, const char *target) {
    MOVED(REAL(rename)(path, target), at(AT_FDCWD, path, from_space), at(AT_FDCWD, target, to_space)) }
int renameat(int directory, const char *path, int other, const char *target) {
    MOVED(REAL(renameat)(directory, path, other, target), at(directory, path, from_space), at(other, target, to_space)) }
