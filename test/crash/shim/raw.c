#include "shim.h"
#include <sys/sendfile.h>

/*
 * What a program asks of the kernel by number goes the way of the functions, which log it. libuv asks so for
 * copy_file_range, and coreutils for renameat2.
 */

static long (*original_syscall)(long, ...);

static long pass(long number, const long a[6]) {
  if (original_syscall == NULL) original_syscall = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
  return original_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

#define READ_ARGUMENTS(number)                                                                                         \
  long a[6];                                                                                                           \
  va_list rest;                                                                                                        \
  va_start(rest, number);                                                                                              \
  for (int i = 0; i < 6; i++) a[i] = va_arg(rest, long);                                                               \
  va_end(rest)

long kernel(long number, ...) {
  READ_ARGUMENTS(number);
  return pass(number, a);
}

long syscall(long number, ...) {
  READ_ARGUMENTS(number);
  switch (number) {
    case SYS_openat: return openat(a[0], (char *)a[1], a[2], a[3]);
    case SYS_write: return write(a[0], (void *)a[1], a[2]);
    case SYS_pwrite64: return pwrite64(a[0], (void *)a[1], a[2], a[3]);
    case SYS_writev: return writev(a[0], (void *)a[1], a[2]);
    case SYS_copy_file_range: return copy_file_range(a[0], (void *)a[1], a[2], (void *)a[3], a[4], a[5]);
    case SYS_sendfile: return sendfile(a[0], a[1], (void *)a[2], a[3]);
    case SYS_splice: return splice(a[0], (void *)a[1], a[2], (void *)a[3], a[4], a[5]);
    case SYS_renameat2: return renameat2(a[0], (char *)a[1], a[2], (char *)a[3], a[4]);
    case SYS_linkat: return linkat(a[0], (char *)a[1], a[2], (char *)a[3], a[4]);
    case SYS_symlinkat: return symlinkat((char *)a[0], a[1], (char *)a[2]);
    case SYS_unlinkat: return unlinkat(a[0], (char *)a[1], a[2]);
    case SYS_mkdirat: return mkdirat(a[0], (char *)a[1], a[2]);
    case SYS_ftruncate: return ftruncate(a[0], a[1]);
    case SYS_fallocate: return fallocate(a[0], a[1], a[2], a[3]);
    case SYS_fsync: return fsync(a[0]);
    case SYS_fdatasync: return fdatasync(a[0]);
    case SYS_fchmodat: return fchmodat(a[0], (char *)a[1], a[2], 0);
    case SYS_fchownat: return fchownat(a[0], (char *)a[1], a[2], a[3], a[4]);
    case SYS_utimensat: return utimensat(a[0], (char *)a[1], (void *)a[2], a[3]);
    default: return pass(number, a);
  }
}
