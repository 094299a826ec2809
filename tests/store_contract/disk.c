/* Simulates a disk that loses power or fails, for a process with this library in LD_PRELOAD.
 *
 *   DISK_ROOT     files below this folder are on the disk
 *   DISK_CUT      number of the change on the disk before which the power fails
 *   DISK_KEEP     percentage of unsynced changes that reach the disk nevertheless; default 0
 *   DISK_SEED     selects which of them
 *   DISK_CONTROL  a file whose first byte is the state of the disk: '0' normal, 'F' full (nothing can grow),
 *                 'W' errors on write, 'S' errors on sync
 *   DISK_ONLY     restricts such errors to paths that contain this
 *
 * Each change (write, truncation, creation, renaming, removal) records how to undo it. A sync of a file or
 * folder discards its records. When the power fails, the recorded changes are undone, latest first, and the
 * process is killed. A file that was created and synced is therefore lost unless its folder was synced too:
 * POSIX guarantees no more, though some file systems do.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum what { WRITTEN, CUT_SHORT, CREATED, MADE_FOLDER, RENAMED, REMOVED };

struct note {
    struct note *earlier;
    enum what what;
    dev_t dev; /* of the file, or of the folder whose entries changed */
    ino_t ino;
    unsigned long stamp;
    int fd; /* the file, for reading and writing */
    off_t at, size; /* offset, and previous size of the file */
    size_t length;
    char *bytes; /* previous content */
    char *path, *other;
};

static struct note *notes;
static unsigned long stamps, changes;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *root, *only;
static long cut = -1, keep;
static unsigned int dice;
static volatile char *control;

static int (*real_open)(const char *, int, ...);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_rename)(const char *, const char *);
static int (*real_unlink)(const char *);
static int (*real_mkdir)(const char *, mode_t);

__attribute__((constructor)) static void begin(void) {
    real_open = dlsym(RTLD_NEXT, "open64");
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_rename = dlsym(RTLD_NEXT, "rename");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    real_mkdir = dlsym(RTLD_NEXT, "mkdir");
    if (getenv("DISK_CUT")) cut = atol(getenv("DISK_CUT"));
    if (getenv("DISK_KEEP")) keep = atol(getenv("DISK_KEEP"));
    if (getenv("DISK_SEED")) dice = (unsigned int)atol(getenv("DISK_SEED"));
    only = getenv("DISK_ONLY");
    const char *file = getenv("DISK_CONTROL");
    if (file) {
        int fd = real_open(file, O_RDONLY | O_CLOEXEC);
        if (fd >= 0) control = mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0);
        if (control == MAP_FAILED) control = NULL;
    }
    root = getenv("DISK_ROOT");
}

static int below(const char *path) {
    return root && strncmp(path, root, strlen(root)) == 0;
}

/* Gets the path of a file on the simulated disk. Returns 0 for other files. */
static int on_disk(int fd, char path[PATH_MAX], struct stat *found) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = root ? readlink(link, path, PATH_MAX - 1) : -1;
    if (length < 0) return 0;
    path[length] = 0;
    return below(path) && fstat(fd, found) == 0;
}

static int fails(const char *path, char how) {
    return control && *control == how && (!only || strstr(path, only));
}

static int stays(void) { return keep > 0 && rand_r(&dice) % 100 < keep; }

static int remove_one(const char *path, const struct stat *s, int kind, struct FTW *where) {
    (void)s, (void)kind, (void)where;
    return remove(path);
}

static void undo(struct note *n) {
    switch (n->what) {
    case WRITTEN:
        real_pwrite(n->fd, n->bytes, n->length, n->at);
        /* With partly kept changes, a file may have grown without its content. */
        if (keep == 0) real_ftruncate(n->fd, n->size);
        break;
    case CUT_SHORT:
        real_pwrite(n->fd, n->bytes, n->length, n->at);
        real_ftruncate(n->fd, n->size);
        break;
    case CREATED:
        real_unlink(n->path);
        break;
    case MADE_FOLDER:
        nftw(n->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
        break;
    case RENAMED:
        real_rename(n->other, n->path);
        break;
    case REMOVED:
        real_rename(n->other, n->path);
        break;
    }
}

/* Counts a change, with the lock held. Does not return from the one at which the power fails. */
static void change(void) {
    if (cut < 0 || (long)++changes <= cut) return;
    for (struct note *n = notes; n; n = n->earlier)
        if (!stays()) undo(n);
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static struct note *note(enum what what, dev_t dev, ino_t ino) {
    struct note *n = calloc(1, sizeof *n);
    *n = (struct note){.earlier = notes, .what = what, .dev = dev, .ino = ino, .stamp = ++stamps};
    return notes = n;
}

static struct note *note_in_folder(enum what what, const char *path) {
    char folder[PATH_MAX];
    struct stat found = {0};
    snprintf(folder, sizeof folder, "%s", path);
    *strrchr(folder, '/') = 0;
    stat(folder, &found);
    struct note *n = note(what, found.st_dev, found.st_ino);
    n->path = strdup(path);
    return n;
}

/* Returns a descriptor for reading and writing, whatever the mode of the process's own. */
static int own_fd(int fd, const struct stat *found) {
    for (struct note *n = notes; n; n = n->earlier)
        if (n->fd && n->dev == found->st_dev && n->ino == found->st_ino) return n->fd;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    return real_open(link, O_RDWR | O_CLOEXEC);
}

static void note_bytes(enum what what, int fd, const struct stat *found, off_t at, size_t length) {
    int own = own_fd(fd, found);
    struct note *n = note(what, found->st_dev, found->st_ino);
    n->fd = own, n->at = at, n->size = found->st_size, n->length = length;
    n->bytes = calloc(1, length ? length : 1);
    if (pread(n->fd, n->bytes, length, at) < 0) abort();
}

static void forget(const struct stat *found, unsigned long stamp) {
    struct note **place = &notes;
    while (*place) {
        struct note *n = *place;
        if (n->stamp <= stamp && n->dev == found->st_dev && n->ino == found->st_ino) {
            *place = n->earlier;
            int fd = n->fd, others = 0;
            for (struct note *o = notes; o; o = o->earlier) others |= o->fd == fd;
            if (fd && !others) close(fd);
            if (n->what == REMOVED) real_unlink(n->other);
            free(n->bytes), free(n->path), free(n->other), free(n);
        } else {
            place = &n->earlier;
        }
    }
}

/* Keeps a file that is about to be removed under another name outside the disk. */
static void keep_aside(const char *path) {
    char other[PATH_MAX];
    struct note *n = note_in_folder(REMOVED, path);
    snprintf(other, sizeof other, "%s.gone-%lu", root, n->stamp);
    if (link(path, other) != 0) n->path[0] = 0;
    n->other = strdup(other);
}

static int opens(const char *path, int flags, mode_t mode) {
    if (!below(path) || !(flags & (O_CREAT | O_TRUNC))) return real_open(path, flags, mode);
    pthread_mutex_lock(&lock);
    struct stat found;
    int is_new = stat(path, &found) != 0;
    if (is_new && fails(path, 'F')) {
        pthread_mutex_unlock(&lock);
        errno = ENOSPC;
        return -1;
    }
    if (is_new || flags & O_TRUNC) change();
    int fd;
    if (!is_new && flags & O_TRUNC) {
        fd = real_open(path, flags & ~O_TRUNC, mode);
        if (fd >= 0) {
            note_bytes(CUT_SHORT, fd, &found, 0, (size_t)found.st_size);
            real_ftruncate(fd, 0);
        }
    } else {
        fd = real_open(path, flags, mode);
        if (fd >= 0 && is_new) note_in_folder(CREATED, path);
    }
    pthread_mutex_unlock(&lock);
    return fd;
}

#define MODE(flags, mode)                                                                          \
    mode_t mode = 0;                                                                               \
    if (flags & O_CREAT) {                                                                         \
        va_list more;                                                                              \
        va_start(more, flags);                                                                     \
        mode = va_arg(more, mode_t);                                                               \
        va_end(more);                                                                              \
    }

int open(const char *path, int flags, ...) {
    MODE(flags, mode)
    return opens(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    MODE(flags, mode)
    return opens(path, flags, mode);
}

static ssize_t writes(int fd, const void *bytes, size_t length, off_t at, int in_place) {
    char path[PATH_MAX];
    struct stat found;
    if (!on_disk(fd, path, &found) || !S_ISREG(found.st_mode))
        return in_place ? real_pwrite(fd, bytes, length, at) : real_write(fd, bytes, length);
    pthread_mutex_lock(&lock);
    fstat(fd, &found);
    if (!in_place) at = lseek(fd, 0, SEEK_CUR);
    ssize_t done = -1;
    if (fails(path, 'W')) {
        errno = EIO;
    } else if (fails(path, 'F') && at + (off_t)length > found.st_size) {
        errno = ENOSPC;
    } else {
        note_bytes(WRITTEN, fd, &found, at, length);
        change();
        done = in_place ? real_pwrite(fd, bytes, length, at) : real_write(fd, bytes, length);
    }
    pthread_mutex_unlock(&lock);
    return done;
}

ssize_t write(int fd, const void *bytes, size_t length) { return writes(fd, bytes, length, 0, 0); }

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
    return writes(fd, bytes, length, at, 1);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t at) {
    return writes(fd, bytes, length, at, 1);
}

/* POSIX permits writing one part at a time. */
ssize_t writev(int fd, const struct iovec *parts, int count) {
    for (int i = 0; i < count; i++)
        if (parts[i].iov_len) return writes(fd, parts[i].iov_base, parts[i].iov_len, 0, 0);
    return 0;
}

int ftruncate64(int fd, off_t size) {
    char path[PATH_MAX];
    struct stat found;
    if (!on_disk(fd, path, &found)) return real_ftruncate(fd, size);
    pthread_mutex_lock(&lock);
    fstat(fd, &found);
    int done = -1;
    if (fails(path, 'W')) {
        errno = EIO;
    } else {
        size_t lost = size < found.st_size ? (size_t)(found.st_size - size) : 0;
        note_bytes(CUT_SHORT, fd, &found, size, lost);
        change();
        done = real_ftruncate(fd, size);
    }
    pthread_mutex_unlock(&lock);
    return done;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int syncs(int fd) {
    char path[PATH_MAX];
    struct stat found;
    if (!on_disk(fd, path, &found)) return real_fsync(fd);
    pthread_mutex_lock(&lock);
    int done = -1;
    if (fails(path, 'S')) {
        errno = EIO;
    } else {
        change();
        /* Skips the real sync: only the request counts here. */
        forget(&found, stamps);
        done = 0;
    }
    pthread_mutex_unlock(&lock);
    return done;
}

int fsync(int fd) { return syncs(fd); }

int fdatasync(int fd) { return syncs(fd); }

int rename(const char *from, const char *to) {
    if (!below(to)) return real_rename(from, to);
    pthread_mutex_lock(&lock);
    change();
    struct stat found;
    if (stat(to, &found) == 0 && S_ISREG(found.st_mode)) keep_aside(to);
    struct note *n = note_in_folder(RENAMED, to);
    free(n->path);
    n->path = strdup(from), n->other = strdup(to);
    int done = real_rename(from, to);
    pthread_mutex_unlock(&lock);
    return done;
}

int unlink(const char *path) {
    if (!below(path)) return real_unlink(path);
    pthread_mutex_lock(&lock);
    change();
    keep_aside(path);
    int done = real_unlink(path);
    pthread_mutex_unlock(&lock);
    return done;
}

int mkdir(const char *path, mode_t mode) {
    if (!below(path)) return real_mkdir(path, mode);
    pthread_mutex_lock(&lock);
    change();
    int done = real_mkdir(path, mode);
    if (done == 0) note_in_folder(MADE_FOLDER, path);
    pthread_mutex_unlock(&lock);
    return done;
}
