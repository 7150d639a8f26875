/* Records what a process asks of the disk, so that a power cut can be replayed.
 *
 * Loaded before the C library (LD_PRELOAD). For every file whose name contains RECORDER_MATCH each
 * write, truncation and sync is appended to RECORDER_LOG; a write to a file whose name ends in
 * ".ack" is recorded as the word that the application gave to its user.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#define MOST 4096
static char names[MOST][256];
static int log_fd = -1;

struct record { int64_t op, offset, length, name_length; };

static void put(const void *bytes, size_t length) {
  const char *at = bytes;
  while (length > 0) {
    ssize_t n = syscall(SYS_write, log_fd, at, length);
    if (n <= 0) _exit(97);
    at += n; length -= (size_t)n;
  }
}

static void note(char op, const char *name, int64_t offset, int64_t length, const void *bytes) {
  if (log_fd < 0) {
    const char *path = getenv("RECORDER_LOG");
    if (!path) return;
    log_fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (log_fd < 0) _exit(98);
  }
  struct record head = {op, offset, length, (int64_t)strlen(name)};
  put(&head, sizeof head);
  put(name, strlen(name));
  if (bytes) put(bytes, (size_t)length);
}

static int followed(int fd) { return fd >= 0 && fd < MOST && names[fd][0]; }
static int is_ack(const char *name) {
  size_t n = strlen(name);
  return n > 4 && !strcmp(name + n - 4, ".ack");
}

static void follow(int fd, const char *path) {
  const char *wanted = getenv("RECORDER_MATCH");
  if (fd < 0 || fd >= MOST) return;
  names[fd][0] = 0;
  if (!wanted || (!strstr(path, wanted) && !is_ack(path))) return;
  strncpy(names[fd], path, sizeof names[fd] - 1);
}

#define REAL(type, name, ...) \
  static type (*real)(__VA_ARGS__); \
  if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

#define OPENS(function) \
  int function(const char *path, int flags, ...) { \
    REAL(int, #function, const char *, int, ...); \
    va_list more; va_start(more, flags); \
    mode_t mode = (flags & O_CREAT) ? va_arg(more, mode_t) : 0; \
    va_end(more); \
    int fd = real(path, flags, mode); \
    follow(fd, path); \
    return fd; \
  }
OPENS(open)
OPENS(open64)

#define OPENS_AT(function) \
  int function(int at, const char *path, int flags, ...) { \
    REAL(int, #function, int, const char *, int, ...); \
    va_list more; va_start(more, flags); \
    mode_t mode = (flags & O_CREAT) ? va_arg(more, mode_t) : 0; \
    va_end(more); \
    int fd = real(at, path, flags, mode); \
    follow(fd, path); \
    return fd; \
  }
OPENS_AT(openat)
OPENS_AT(openat64)

int close(int fd) {
  REAL(int, "close", int);
  if (followed(fd)) names[fd][0] = 0;
  return real(fd);
}

ssize_t write(int fd, const void *bytes, size_t length) {
  REAL(ssize_t, "write", int, const void *, size_t);
  off_t at = followed(fd) ? lseek(fd, 0, SEEK_CUR) : 0;
  ssize_t n = real(fd, bytes, length);
  if (n > 0 && followed(fd)) note(is_ack(names[fd]) ? 'A' : 'W', names[fd], at, n, bytes);
  return n;
}

#define WRITES_AT(function, offset_type) \
  ssize_t function(int fd, const void *bytes, size_t length, offset_type at) { \
    REAL(ssize_t, #function, int, const void *, size_t, offset_type); \
    ssize_t n = real(fd, bytes, length, at); \
    if (n > 0 && followed(fd)) note('W', names[fd], at, n, bytes); \
    return n; \
  }
WRITES_AT(pwrite, off_t)
WRITES_AT(pwrite64, off64_t)

#define TRUNCATES(function, offset_type) \
  int function(int fd, offset_type length) { \
    REAL(int, #function, int, offset_type); \
    int done = real(fd, length); \
    if (!done && followed(fd)) note('T', names[fd], 0, length, NULL); \
    return done; \
  }
TRUNCATES(ftruncate, off_t)
TRUNCATES(ftruncate64, off64_t)

#define SYNCS(function) \
  int function(int fd) { \
    REAL(int, #function, int); \
    int done = real(fd); \
    if (!done && followed(fd)) note('S', names[fd], 0, 0, NULL); \
    return done; \
  }
SYNCS(fsync)
SYNCS(fdatasync)
