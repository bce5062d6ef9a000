/* A disk that fails, for one directory tree: preloaded before the C library.
 *
 * FAULTDISK_PREFIX   the tree (an absolute, resolved path); everything else is left alone
 * FAULTDISK_CONTROL  a file of `struct control`, mapped by every process, changed while they run
 * FAULTDISK_JOURNAL  a file to which every change of the tree is appended, one line each, from
 *                    which the harness works out what a power cut would leave:
 *                    C inode path   created        S inode size    contents synced up to size
 *                    D path         made (folder)  Y path          folder's entries synced
 *                    R old<TAB>new  renamed        U path          removed
 *
 * A descriptor is recognised by device and inode at each use, because descriptors are also closed
 * and opened by ways that do not pass here.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define DESCRIPTORS 4096
#define MILLION 1000000u

struct control {
    _Atomic uint32_t write_eio_ppm, fsync_eio_ppm, read_eio_ppm, short_write_ppm;
    _Atomic uint32_t read_only, is_limited;
    _Atomic int64_t bytes_left;
    _Atomic uint64_t faults, writes, syncs;
};

struct seen { dev_t device; ino_t inode; int is_ours; };

static struct control *control;
static struct seen table[DESCRIPTORS];
static char prefix[PATH_MAX];
static size_t prefix_length;
static int journal = -1;
static _Atomic uint64_t random_state;

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

__attribute__((constructor)) static void begin(void) {
    const char *tree = getenv("FAULTDISK_PREFIX"), *name = getenv("FAULTDISK_CONTROL");
    const char *log = getenv("FAULTDISK_JOURNAL");
    struct timespec now;
    if (!tree || !name) return;
    int descriptor = syscall(SYS_openat, AT_FDCWD, name, O_RDWR | O_CLOEXEC, 0);
    if (descriptor < 0) return;
    void *page = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    syscall(SYS_close, descriptor);
    if (page == MAP_FAILED) return;
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    random_state = ((uint64_t)now.tv_nsec << 20) ^ (uint64_t)getpid() ^ 0x9e3779b97f4a7c15u;
    snprintf(prefix, sizeof prefix, "%s", tree);
    prefix_length = strlen(prefix);
    if (log) journal = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_APPEND | O_CLOEXEC, 0);
    control = page;
}

static int is_inside(const char *path) {
    return control && path && strncmp(path, prefix, prefix_length) == 0 &&
           (path[prefix_length] == '/' || path[prefix_length] == 0);
}

/* The absolute path of `path` under `directory`; false when it cannot be told. */
static int resolve(int directory, const char *path, char *found) {
    char base[PATH_MAX], link[64];
    if (!control || !path) return 0;
    if (path[0] == '/') return snprintf(found, PATH_MAX, "%s", path) < PATH_MAX;
    if (directory == AT_FDCWD) {
        if (!getcwd(base, sizeof base)) return 0;
    } else {
        snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
        ssize_t length = readlink(link, base, sizeof base - 1);
        if (length < 0) return 0;
        base[length] = 0;
    }
    return snprintf(found, PATH_MAX, "%s/%s", base, path) < PATH_MAX;
}

static void note(const char *format, ...) {
    char line[3 * PATH_MAX];
    int before = errno;
    va_list arguments;
    if (journal < 0) return;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (syscall(SYS_write, journal, line, (size_t)length) != length) abort();
    errno = before;
}

static void remember(int descriptor, int is_ours) {
    struct stat state;
    if (descriptor < 0 || descriptor >= DESCRIPTORS) return;
    table[descriptor].is_ours = 0;
    if (is_ours && fstat(descriptor, &state) == 0)
        table[descriptor] = (struct seen){state.st_dev, state.st_ino, 1};
}

static int is_ours(int descriptor, struct stat *state) {
    if (!control || descriptor < 0 || descriptor >= DESCRIPTORS || !table[descriptor].is_ours)
        return 0;
    if (fstat(descriptor, state) != 0) return 0;
    return state->st_dev == table[descriptor].device && state->st_ino == table[descriptor].inode;
}

static int happens(uint32_t ppm) {
    if (!ppm) return 0;
    uint64_t x = random_state += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return (x ^ (x >> 31)) % MILLION < ppm;
}

static int fail(int number) {
    control->faults++;
    errno = number;
    return -1;
}

/* How many of `wanted` bytes may be written; -1 with errno for none. */
static ssize_t permit(size_t wanted) {
    control->writes++;
    if (control->read_only) return fail(EROFS);
    if (happens(control->write_eio_ppm)) return fail(EIO);
    if (wanted > 1 && happens(control->short_write_ppm)) {
        control->faults++;
        wanted /= 2;
    }
    if (!control->is_limited || !wanted) return (ssize_t)wanted;
    int64_t left = control->bytes_left;
    for (;;) {
        int64_t taken = left < (int64_t)wanted ? left : (int64_t)wanted;
        if (taken <= 0) return fail(ENOSPC);
        if (atomic_compare_exchange_weak(&control->bytes_left, &left, left - taken)) return taken;
    }
}

/* ---- opening and closing ------------------------------------------------------------------ */

static int open_any(int directory, const char *path, int flags, mode_t mode) {
    char full[PATH_MAX];
    struct stat state;
    if (!resolve(directory, path, full) || !is_inside(full)) {
        int other = syscall(SYS_openat, directory, path, flags, mode);
        remember(other, 0);
        return other;
    }
    int writes = (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC));
    if (writes && control->read_only) return fail(EROFS);
    int is_new = (flags & O_CREAT) && fstatat(AT_FDCWD, full, &state, 0) != 0;
    if (is_new && control->is_limited && control->bytes_left <= 0) return fail(ENOSPC);
    int descriptor = syscall(SYS_openat, directory, path, flags, mode);
    if (descriptor < 0) return descriptor;
    remember(descriptor, 1);
    if (is_new && fstat(descriptor, &state) == 0)
        note("C %llu %s\n", (unsigned long long)state.st_ino, full);
    return descriptor;
}

#define MODE(last) \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { \
        va_list arguments; \
        va_start(arguments, last); \
        mode = va_arg(arguments, mode_t); \
        va_end(arguments); \
    }

int open(const char *path, int flags, ...) { MODE(flags) return open_any(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return open_any(AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE(flags) return open_any(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE(flags) return open_any(at, path, flags, mode); }
int creat(const char *path, mode_t mode) { return open_any(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }

static void copy_mark(int old, int new) {
    struct stat state;
    if (new >= 0) remember(new, is_ours(old, &state));
}
int dup(int old) {
    int new = syscall(SYS_dup, old);
    copy_mark(old, new);
    return new;
}
int dup3(int old, int wanted, int flags) {
    int new = syscall(SYS_dup3, old, wanted, flags);
    copy_mark(old, new);
    return new;
}
int dup2(int old, int wanted) {
    if (old == wanted) return fcntl(old, F_GETFD) < 0 ? -1 : wanted;
    return dup3(old, wanted, 0);
}

/* ---- bytes -------------------------------------------------------------------------------- */

ssize_t write(int descriptor, const void *data, size_t count) {
    struct stat state;
    ssize_t allowed = (ssize_t)count;
    if (is_ours(descriptor, &state) && (allowed = permit(count)) < 0) return -1;
    return syscall(SYS_write, descriptor, data, (size_t)allowed);
}
ssize_t pwrite64(int descriptor, const void *data, size_t count, off64_t offset) {
    struct stat state;
    ssize_t allowed = (ssize_t)count;
    if (is_ours(descriptor, &state) && (allowed = permit(count)) < 0) return -1;
    return syscall(SYS_pwrite64, descriptor, data, (size_t)allowed, offset);
}
ssize_t pwrite(int descriptor, const void *data, size_t count, off_t offset) {
    return pwrite64(descriptor, data, count, offset);
}
/* One buffer at a time: a short write is what the caller must bear anyway. */
ssize_t writev(int descriptor, const struct iovec *parts, int count) {
    struct stat state;
    if (!is_ours(descriptor, &state)) return syscall(SYS_writev, descriptor, parts, count);
    return count > 0 ? write(descriptor, parts[0].iov_base, parts[0].iov_len) : 0;
}
ssize_t pwritev64(int descriptor, const struct iovec *parts, int count, off64_t offset) {
    struct stat state;
    if (!is_ours(descriptor, &state)) {
        REAL(ssize_t, "pwritev64", int, const struct iovec *, int, off64_t);
        return real(descriptor, parts, count, offset);
    }
    return count > 0 ? pwrite64(descriptor, parts[0].iov_base, parts[0].iov_len, offset) : 0;
}
ssize_t pwritev(int descriptor, const struct iovec *parts, int count, off_t offset) {
    return pwritev64(descriptor, parts, count, offset);
}
ssize_t sendfile64(int to, int from, off64_t *offset, size_t count) {
    struct stat state;
    ssize_t allowed = (ssize_t)count;
    if (is_ours(to, &state) && (allowed = permit(count)) < 0) return -1;
    return syscall(SYS_sendfile, to, from, offset, (size_t)allowed);
}
ssize_t sendfile(int to, int from, off_t *offset, size_t count) {
    return sendfile64(to, from, (off64_t *)offset, count);
}
ssize_t copy_file_range(int from, off64_t *in, int to, off64_t *out, size_t count, unsigned flags) {
    struct stat state;
    ssize_t allowed = (ssize_t)count;
    if (is_ours(to, &state) && (allowed = permit(count)) < 0) return -1;
    return syscall(SYS_copy_file_range, from, in, to, out, (size_t)allowed, flags);
}
int ftruncate64(int descriptor, off64_t length) {
    struct stat state;
    if (is_ours(descriptor, &state) && permit(0) < 0) return -1;
    return syscall(SYS_ftruncate, descriptor, length);
}
int ftruncate(int descriptor, off_t length) { return ftruncate64(descriptor, length); }

static int is_unreadable(int descriptor) {
    struct stat state;
    return is_ours(descriptor, &state) && happens(control->read_eio_ppm) && fail(EIO);
}
ssize_t read(int descriptor, void *data, size_t count) {
    return is_unreadable(descriptor) ? -1 : syscall(SYS_read, descriptor, data, count);
}
ssize_t pread64(int descriptor, void *data, size_t count, off64_t offset) {
    if (is_unreadable(descriptor)) return -1;
    return syscall(SYS_pread64, descriptor, data, count, offset);
}
ssize_t pread(int descriptor, void *data, size_t count, off_t offset) {
    return pread64(descriptor, data, count, offset);
}

/* ---- making it last ----------------------------------------------------------------------- */

static int sync_any(int descriptor, long number) {
    struct stat state;
    char link[64], path[PATH_MAX];
    if (!is_ours(descriptor, &state)) return syscall(number, descriptor);
    control->syncs++;
    if (happens(control->fsync_eio_ppm)) return fail(EIO);
    /* Nothing is synced for real: a cut is applied to what was noted, and speed is welcome. */
    if (S_ISDIR(state.st_mode)) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
        ssize_t length = readlink(link, path, sizeof path - 1);
        if (length < 0) return -1;
        path[length] = 0;
        note("Y %s\n", path);
    } else {
        note("S %llu %lld\n", (unsigned long long)state.st_ino, (long long)state.st_size);
    }
    return 0;
}
int fsync(int descriptor) { return sync_any(descriptor, SYS_fsync); }
int fdatasync(int descriptor) { return sync_any(descriptor, SYS_fdatasync); }

/* ---- names -------------------------------------------------------------------------------- */

static int rename_any(int at, const char *from, int to_at, const char *to, unsigned flags) {
    char old[PATH_MAX], new[PATH_MAX];
    int is_known = resolve(at, from, old) && resolve(to_at, to, new) && is_inside(old);
    if (is_known && control->read_only) return fail(EROFS);
    int answer = syscall(SYS_renameat2, at, from, to_at, to, flags);
    if (answer == 0 && is_known) note("R %s\t%s\n", old, new);
    return answer;
}
int rename(const char *from, const char *to) { return rename_any(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int at, const char *from, int to_at, const char *to) { return rename_any(at, from, to_at, to, 0); }
int renameat2(int at, const char *from, int to_at, const char *to, unsigned flags) {
    return rename_any(at, from, to_at, to, flags);
}

static int remove_any(int at, const char *path, int flags) {
    char full[PATH_MAX];
    int is_known = resolve(at, path, full) && is_inside(full);
    if (is_known && control->read_only) return fail(EROFS);
    int answer = syscall(SYS_unlinkat, at, path, flags);
    if (answer == 0 && is_known) note("U %s\n", full);
    return answer;
}
int unlink(const char *path) { return remove_any(AT_FDCWD, path, 0); }
int unlinkat(int at, const char *path, int flags) { return remove_any(at, path, flags); }
int rmdir(const char *path) { return remove_any(AT_FDCWD, path, AT_REMOVEDIR); }

int mkdirat(int at, const char *path, mode_t mode) {
    char full[PATH_MAX];
    int is_known = resolve(at, path, full) && is_inside(full);
    if (is_known && control->read_only) return fail(EROFS);
    int answer = syscall(SYS_mkdirat, at, path, mode);
    if (answer == 0 && is_known) note("D %s\n", full);
    return answer;
}
int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }
