#include "shim.h"
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <utime.h>

/** The usual shape: one path, and what the original makes of it. */
#define AT(kind, folder, path, ...)                                                                                    \
  struct call call;                                                                                                    \
  if (!begins_at(&call, kind, folder, path)) return original(__VA_ARGS__);                                             \
  if (is_refused(&call)) return -1;                                                                                    \
  return done(&call, original(__VA_ARGS__))

#define BETWEEN(kind, folder, path, to_folder, to, ...)                                                                \
  struct call call;                                                                                                    \
  if (!begins_between(&call, kind, folder, path, to_folder, to)) return original(__VA_ARGS__);                         \
  if (is_refused(&call)) return -1;                                                                                    \
  return done(&call, original(__VA_ARGS__))

#define IN(kind, file, ...)                                                                                            \
  struct call call;                                                                                                    \
  if (!begins_in(&call, kind, file)) return original(__VA_ARGS__);                                                     \
  if (is_refused(&call)) return -1;                                                                                    \
  return done(&call, original(__VA_ARGS__))

static int changes_names(int flags) { return (flags & (O_CREAT | O_TRUNC)) != 0 || (flags & O_TMPFILE) == O_TMPFILE; }

static const char *kind_of(int flags) { return (flags & O_CREAT) != 0 ? "create" : "empty"; }

#define MODE_OF(flags)                                                                                                 \
  mode_t mode = 0;                                                                                                     \
  if (changes_names(flags)) {                                                                                          \
    va_list rest;                                                                                                      \
    va_start(rest, flags);                                                                                             \
    mode = va_arg(rest, mode_t);                                                                                       \
    va_end(rest);                                                                                                      \
  }

#define OPEN(name)                                                                                                     \
  int name(const char *path, int flags, ...) {                                                                         \
    ORIGINAL(int, name, const char *, int, ...);                                                                       \
    MODE_OF(flags)                                                                                                     \
    struct call call;                                                                                                  \
    if (!changes_names(flags) || !begins_at(&call, kind_of(flags), AT_FDCWD, path)) return original(path, flags, mode);\
    call.flags = flags, call.mode = mode;                                                                              \
    if (is_refused(&call)) return -1;                                                                                  \
    return done(&call, original(path, flags, mode));                                                                   \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                                                   \
  int name(int folder, const char *path, int flags, ...) {                                                             \
    ORIGINAL(int, name, int, const char *, int, ...);                                                                  \
    MODE_OF(flags)                                                                                                     \
    struct call call;                                                                                                  \
    if (!changes_names(flags) || !begins_at(&call, kind_of(flags), folder, path))                                      \
      return original(folder, path, flags, mode);                                                                      \
    call.flags = flags, call.mode = mode;                                                                              \
    if (is_refused(&call)) return -1;                                                                                  \
    return done(&call, original(folder, path, flags, mode));                                                           \
  }
OPENAT(openat)
OPENAT(openat64)

int creat(const char *path, mode_t mode) { return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return open(path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

/** glibc makes these with calls of its own, past us: so they are made here, of ours. */
static int with_random_name(char *path, int suffix, int (*make)(const char *, int), int flags) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  size_t length = strlen(path);
  if (length < 6 + (size_t)suffix || strncmp(path + length - suffix - 6, "XXXXXX", 6) != 0) return errno = EINVAL, -1;
  for (int tries = 0; tries < 100; tries++) {
    unsigned char random[6];
    if (kernel(SYS_getrandom, random, sizeof random, 0) != sizeof random) return -1;
    for (int i = 0; i < 6; i++) path[length - suffix - 6 + i] = letters[random[i] % 62];
    int result = make(path, flags);
    if (result >= 0 || errno != EEXIST) return result;
  }
  return -1;
}
static int make_file(const char *path, int flags) { return open(path, O_RDWR | O_CREAT | O_EXCL | flags, 0600); }
static int make_folder(const char *path, int flags) { return (void)flags, mkdir(path, 0700); }
char *mkdtemp(char *path) { return with_random_name(path, 0, make_folder, 0) < 0 ? NULL : path; }
int mkstemp(char *path) { return with_random_name(path, 0, make_file, 0); }
int mkstemp64(char *path) { return with_random_name(path, 0, make_file, 0); }
int mkostemp(char *path, int flags) { return with_random_name(path, 0, make_file, flags); }
int mkostemp64(char *path, int flags) { return with_random_name(path, 0, make_file, flags); }
int mkstemps(char *path, int suffix) { return with_random_name(path, suffix, make_file, 0); }
int mkostemps(char *path, int suffix, int flags) { return with_random_name(path, suffix, make_file, flags); }

int rename(const char *path, const char *to) {
  ORIGINAL(int, rename, const char *, const char *);
  BETWEEN("rename", AT_FDCWD, path, AT_FDCWD, to, path, to);
}
int renameat(int folder, const char *path, int to_folder, const char *to) {
  ORIGINAL(int, renameat, int, const char *, int, const char *);
  BETWEEN("rename", folder, path, to_folder, to, folder, path, to_folder, to);
}
int renameat2(int folder, const char *path, int to_folder, const char *to, unsigned int flags) {
  ORIGINAL(int, renameat2, int, const char *, int, const char *, unsigned int);
  struct call call;
  if (!begins_between(&call, "rename", folder, path, to_folder, to)) return original(folder, path, to_folder, to, flags);
  call.flags = flags;
  if (is_refused(&call)) return -1;
  return done(&call, original(folder, path, to_folder, to, flags));
}
int link(const char *path, const char *to) {
  ORIGINAL(int, link, const char *, const char *);
  BETWEEN("link", AT_FDCWD, path, AT_FDCWD, to, path, to);
}
int linkat(int folder, const char *path, int to_folder, const char *to, int flags) {
  ORIGINAL(int, linkat, int, const char *, int, const char *, int);
  BETWEEN("link", folder, path, to_folder, to, folder, path, to_folder, to, flags);
}
int symlinkat(const char *target, int folder, const char *path) {
  ORIGINAL(int, symlinkat, const char *, int, const char *);
  struct call call;
  if (!begins_at(&call, "symlink", folder, path)) return original(target, folder, path);
  call.target = target;
  if (is_refused(&call)) return -1;
  return done(&call, original(target, folder, path));
}
int symlink(const char *target, const char *path) { return symlinkat(target, AT_FDCWD, path); }
int unlink(const char *path) {
  ORIGINAL(int, unlink, const char *);
  AT("unlink", AT_FDCWD, path, path);
}
int unlinkat(int folder, const char *path, int flags) {
  ORIGINAL(int, unlinkat, int, const char *, int);
  AT((flags & AT_REMOVEDIR) != 0 ? "rmdir" : "unlink", folder, path, folder, path, flags);
}
int rmdir(const char *path) {
  ORIGINAL(int, rmdir, const char *);
  AT("rmdir", AT_FDCWD, path, path);
}
int remove(const char *path) {
  struct stat stats;
  int is_folder = fstatat(AT_FDCWD, path, &stats, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(stats.st_mode);
  return is_folder ? rmdir(path) : unlink(path);
}
int mkdirat(int folder, const char *path, mode_t mode) {
  ORIGINAL(int, mkdirat, int, const char *, mode_t);
  struct call call;
  if (!begins_at(&call, "mkdir", folder, path)) return original(folder, path, mode);
  call.mode = mode;
  if (is_refused(&call)) return -1;
  return done(&call, original(folder, path, mode));
}
int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }
int mknodat(int folder, const char *path, mode_t mode, dev_t device) {
  ORIGINAL(int, mknodat, int, const char *, mode_t, dev_t);
  AT("mknod", folder, path, folder, path, mode, device);
}
int mknod(const char *path, mode_t mode, dev_t device) { return mknodat(AT_FDCWD, path, mode, device); }
int mkfifo(const char *path, mode_t mode) { return mknodat(AT_FDCWD, path, mode | S_IFIFO, 0); }
int mkfifoat(int folder, const char *path, mode_t mode) { return mknodat(folder, path, mode | S_IFIFO, 0); }

int fchmodat(int folder, const char *path, mode_t mode, int flags) {
  ORIGINAL(int, fchmodat, int, const char *, mode_t, int);
  struct call call;
  if (!begins_at(&call, "chmod", folder, path)) return original(folder, path, mode, flags);
  call.mode = mode;
  if (is_refused(&call)) return -1;
  return done(&call, original(folder, path, mode, flags));
}
int chmod(const char *path, mode_t mode) { return fchmodat(AT_FDCWD, path, mode, 0); }
int fchmod(int file, mode_t mode) {
  ORIGINAL(int, fchmod, int, mode_t);
  struct call call;
  if (!begins_in(&call, "chmod", file)) return original(file, mode);
  call.mode = mode;
  if (is_refused(&call)) return -1;
  return done(&call, original(file, mode));
}
int fchownat(int folder, const char *path, uid_t user, gid_t group, int flags) {
  ORIGINAL(int, fchownat, int, const char *, uid_t, gid_t, int);
  AT("chown", folder, path, folder, path, user, group, flags);
}
int chown(const char *path, uid_t user, gid_t group) { return fchownat(AT_FDCWD, path, user, group, 0); }
int lchown(const char *path, uid_t user, gid_t group) {
  return fchownat(AT_FDCWD, path, user, group, AT_SYMLINK_NOFOLLOW);
}
int fchown(int file, uid_t user, gid_t group) {
  ORIGINAL(int, fchown, int, uid_t, gid_t);
  IN("chown", file, file, user, group);
}

int utimensat(int folder, const char *path, const struct timespec times[2], int flags) {
  ORIGINAL(int, utimensat, int, const char *, const struct timespec *, int);
  AT("utimes", folder, path, folder, path, times, flags);
}
int futimens(int file, const struct timespec times[2]) {
  ORIGINAL(int, futimens, int, const struct timespec *);
  IN("utimes", file, file, times);
}
int utimes(const char *path, const struct timeval times[2]) {
  ORIGINAL(int, utimes, const char *, const struct timeval *);
  AT("utimes", AT_FDCWD, path, path, times);
}
int lutimes(const char *path, const struct timeval times[2]) {
  ORIGINAL(int, lutimes, const char *, const struct timeval *);
  AT("utimes", AT_FDCWD, path, path, times);
}
int futimes(int file, const struct timeval times[2]) {
  ORIGINAL(int, futimes, int, const struct timeval *);
  IN("utimes", file, file, times);
}
int utime(const char *path, const struct utimbuf *times) {
  ORIGINAL(int, utime, const char *, const struct utimbuf *);
  AT("utimes", AT_FDCWD, path, path, times);
}
int setxattr(const char *path, const char *name, const void *value, size_t size, int flags) {
  ORIGINAL(int, setxattr, const char *, const char *, const void *, size_t, int);
  AT("setxattr", AT_FDCWD, path, path, name, value, size, flags);
}
int fsetxattr(int file, const char *name, const void *value, size_t size, int flags) {
  ORIGINAL(int, fsetxattr, int, const char *, const void *, size_t, int);
  IN("setxattr", file, file, name, value, size, flags);
}

int mount(const char *source, const char *path, const char *type, unsigned long flags, const void *data) {
  ORIGINAL(int, mount, const char *, const char *, const char *, unsigned long, const void *);
  AT("mount", AT_FDCWD, path, source, path, type, flags, data);
}
int umount2(const char *path, int flags) {
  ORIGINAL(int, umount2, const char *, int);
  AT("umount", AT_FDCWD, path, path, flags);
}
int umount(const char *path) { return umount2(path, 0); }
