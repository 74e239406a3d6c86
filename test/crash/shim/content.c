#include "shim.h"
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>

/** Where the next write() of a descriptor goes. */
static long long position_of(const struct call *call, int file) {
  int flags = fcntl(file, F_GETFL);
  if (flags >= 0 && (flags & O_APPEND) != 0) return call->at.stats.st_size;
  return lseek(file, 0, SEEK_CUR);
}

static long long total(const struct iovec *parts, int count) {
  long long sum = 0;
  for (int i = 0; i < count; i++) sum += parts[i].iov_len;
  return sum;
}

/** Each of the writing calls: `where` < 0 is the position of the descriptor. */
#define WRITE(file, where, vector, count, ...)                                                                         \
  struct call call;                                                                                                    \
  if (!begins_in(&call, "write", file)) return original(__VA_ARGS__);                                                  \
  call.offset = (where) < 0 ? position_of(&call, file) : (where);                                                      \
  call.length = total(vector, count);                                                                                  \
  call.parts = vector, call.part_count = count;                                                                        \
  if (is_refused(&call)) return -1;                                                                                    \
  return done(&call, original(__VA_ARGS__))

ssize_t write(int file, const void *bytes, size_t length) {
  ORIGINAL(ssize_t, write, int, const void *, size_t);
  struct iovec one = {(void *)bytes, length};
  WRITE(file, -1, &one, 1, file, bytes, length);
}
ssize_t pwrite(int file, const void *bytes, size_t length, off_t offset) {
  ORIGINAL(ssize_t, pwrite, int, const void *, size_t, off_t);
  struct iovec one = {(void *)bytes, length};
  WRITE(file, offset, &one, 1, file, bytes, length, offset);
}
ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t offset) {
  ORIGINAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
  struct iovec one = {(void *)bytes, length};
  WRITE(file, offset, &one, 1, file, bytes, length, offset);
}
ssize_t writev(int file, const struct iovec *parts, int count) {
  ORIGINAL(ssize_t, writev, int, const struct iovec *, int);
  WRITE(file, -1, parts, count, file, parts, count);
}
ssize_t pwritev(int file, const struct iovec *parts, int count, off_t offset) {
  ORIGINAL(ssize_t, pwritev, int, const struct iovec *, int, off_t);
  WRITE(file, offset, parts, count, file, parts, count, offset);
}
ssize_t pwritev64(int file, const struct iovec *parts, int count, off64_t offset) {
  ORIGINAL(ssize_t, pwritev64, int, const struct iovec *, int, off64_t);
  WRITE(file, offset, parts, count, file, parts, count, offset);
}
ssize_t pwritev2(int file, const struct iovec *parts, int count, off_t offset, int flags) {
  ORIGINAL(ssize_t, pwritev2, int, const struct iovec *, int, off_t, int);
  WRITE(file, offset, parts, count, file, parts, count, offset, flags);
}
ssize_t pwritev64v2(int file, const struct iovec *parts, int count, off64_t offset, int flags) {
  ORIGINAL(ssize_t, pwritev64v2, int, const struct iovec *, int, off64_t, int);
  WRITE(file, offset, parts, count, file, parts, count, offset, flags);
}

/** Copies in the kernel: what is copied can be read in the source. */
#define COPY(file, where, source, source_offset, size, ...)                                                            \
  struct call call;                                                                                                    \
  if (!begins_in(&call, "copy", file)) return original(__VA_ARGS__);                                                   \
  call.offset = (where) == NULL ? position_of(&call, file) : *(where);                                                 \
  call.from = source;                                                                                                  \
  call.from_offset = (source_offset) == NULL ? lseek(source, 0, SEEK_CUR) : *(source_offset);                          \
  call.length = size;                                                                                                  \
  if (is_refused(&call)) return -1;                                                                                    \
  return done(&call, original(__VA_ARGS__))

ssize_t copy_file_range(int in, off64_t *in_at, int out, off64_t *out_at, size_t length, unsigned int flags) {
  ORIGINAL(ssize_t, copy_file_range, int, off64_t *, int, off64_t *, size_t, unsigned int);
  COPY(out, out_at, in, in_at, length, in, in_at, out, out_at, length, flags);
}
ssize_t splice(int in, off64_t *in_at, int out, off64_t *out_at, size_t length, unsigned int flags) {
  ORIGINAL(ssize_t, splice, int, off64_t *, int, off64_t *, size_t, unsigned int);
  COPY(out, out_at, in, in_at, length, in, in_at, out, out_at, length, flags);
}
ssize_t sendfile(int out, int in, off_t *in_at, size_t length) {
  ORIGINAL(ssize_t, sendfile, int, int, off_t *, size_t);
  COPY(out, (off_t *)NULL, in, in_at, length, out, in, in_at, length);
}
ssize_t sendfile64(int out, int in, off64_t *in_at, size_t length) {
  ORIGINAL(ssize_t, sendfile64, int, int, off64_t *, size_t);
  COPY(out, (off64_t *)NULL, in, in_at, length, out, in, in_at, length);
}

int ioctl(int file, unsigned long request, ...) {
  ORIGINAL(int, ioctl, int, unsigned long, ...);
  va_list rest;
  va_start(rest, request);
  void *argument = va_arg(rest, void *);
  va_end(rest);
  struct call call;
  int is_clone = request == FICLONE || request == FICLONERANGE;
  if (!is_clone || !begins_in(&call, "clone", file)) return original(file, request, argument);
  struct stat source;
  const struct file_clone_range *range = argument;
  call.from = request == FICLONE ? (int)(long)argument : (int)range->src_fd;
  call.from_offset = request == FICLONE ? 0 : (long long)range->src_offset;
  call.offset = request == FICLONE ? 0 : (long long)range->dest_offset;
  call.length = fstat(call.from, &source) == 0 ? source.st_size - call.from_offset : 0;
  if (request == FICLONERANGE && range->src_length != 0) call.length = range->src_length;
  if (is_refused(&call)) return -1;
  return done(&call, original(file, request, argument));
}

#define TRUNCATE(name, type)                                                                                           \
  int name(const char *path, type size) {                                                                              \
    ORIGINAL(int, name, const char *, type);                                                                           \
    struct call call;                                                                                                  \
    if (!begins_at(&call, "truncate", AT_FDCWD, path)) return original(path, size);                                    \
    call.length = size;                                                                                                \
    if (is_refused(&call)) return -1;                                                                                  \
    return done(&call, original(path, size));                                                                          \
  }
TRUNCATE(truncate, off_t)
TRUNCATE(truncate64, off64_t)

#define FTRUNCATE(name, type)                                                                                          \
  int name(int file, type size) {                                                                                      \
    ORIGINAL(int, name, int, type);                                                                                    \
    struct call call;                                                                                                  \
    if (!begins_in(&call, "truncate", file)) return original(file, size);                                              \
    call.length = size;                                                                                                \
    if (is_refused(&call)) return -1;                                                                                  \
    return done(&call, original(file, size));                                                                          \
  }
FTRUNCATE(ftruncate, off_t)
FTRUNCATE(ftruncate64, off64_t)

#define ALLOCATE(name, type)                                                                                           \
  int name(int file, int mode, type offset, type length) {                                                             \
    ORIGINAL(int, name, int, int, type, type);                                                                         \
    struct call call;                                                                                                  \
    if (!begins_in(&call, "allocate", file)) return original(file, mode, offset, length);                              \
    call.offset = offset, call.length = length, call.flags = mode;                                                     \
    if (is_refused(&call)) return -1;                                                                                  \
    return done(&call, original(file, mode, offset, length));                                                          \
  }
ALLOCATE(fallocate, off_t)
ALLOCATE(fallocate64, off64_t)

/** It tells of an error by its result. */
int posix_fallocate(int file, off_t offset, off_t length) {
  int before = errno;
  int error = fallocate(file, 0, offset, length) == 0 ? 0 : errno;
  errno = before;
  return error;
}
int posix_fallocate64(int file, off64_t offset, off64_t length) { return posix_fallocate(file, offset, length); }

#define SYNC(name)                                                                                                     \
  int name(int file) {                                                                                                 \
    ORIGINAL(int, name, int);                                                                                          \
    struct call call;                                                                                                  \
    if (!begins_in(&call, "sync", file)) return original(file);                                                        \
    if (is_refused(&call)) return -1;                                                                                  \
    return done(&call, original(file));                                                                                \
  }
SYNC(fsync)
SYNC(fdatasync)
SYNC(syncfs)

/** Starts writing to disk, and promises nothing. */
int sync_file_range(int file, off64_t offset, off64_t length, unsigned int flags) {
  ORIGINAL(int, sync_file_range, int, off64_t, off64_t, unsigned int);
  struct call call;
  if (!begins_in(&call, "sync-range", file)) return original(file, offset, length, flags);
  call.offset = offset, call.length = length;
  if (is_refused(&call)) return -1;
  return done(&call, original(file, offset, length, flags));
}
