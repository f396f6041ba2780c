/* Makes one of the calls that change files below a folder fail, or all from that one on.
 * Loaded before libc; nothing fails until fail_at() is called. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char folder[PATH_MAX];
static atomic_long counted;
static long first = -1;
static int lasting, error_number;

void fail_at(const char *below, long n, int error, int from_then_on) {
    snprintf(folder, sizeof folder, "%s", below);
    atomic_store(&counted, 0);
    error_number = error;
    lasting = from_then_on;
    first = n;
}

long calls_counted(void) { return atomic_load(&counted); }

static int fails(int fd) {
    char link[64], path[PATH_MAX];
    if (first < 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0) return 0;
    path[size] = 0;
    if (strncmp(path, folder, strlen(folder)) != 0) return 0;
    long n = atomic_fetch_add(&counted, 1) + 1;
    if (first == 0 || (lasting ? n < first : n != first)) return 0;
    errno = error_number;
    return 1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *data, size_t size) {
    return fails(fd) ? -1 : REAL(write)(fd, data, size);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t place) {
    return fails(fd) ? -1 : REAL(pwrite)(fd, data, size, place);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t place) {
    return fails(fd) ? -1 : REAL(pwrite64)(fd, data, size, place);
}
int fsync(int fd) { return fails(fd) ? -1 : REAL(fsync)(fd); }
int fdatasync(int fd) { return fails(fd) ? -1 : REAL(fdatasync)(fd); }
int ftruncate(int fd, off_t size) { return fails(fd) ? -1 : REAL(ftruncate)(fd, size); }
int ftruncate64(int fd, off64_t size) { return fails(fd) ? -1 : REAL(ftruncate64)(fd, size); }
