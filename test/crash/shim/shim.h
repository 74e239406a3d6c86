/*
 * A library for LD_PRELOAD that sees every call of libc that changes files, in the folders that it was told of: it
 * writes each of them down, and at one of them kills its process, or has it fail. ../support/record.ts says how it is
 * used. It is for x86-64 and arm64 Linux with glibc.
 *
 *   places.c   which file a call means, and what that file is called in every run alike
 *   record.c   one call: its turn, its line in the log, and what is to happen at it
 *   names.c    calls that change names: create, rename, link, unlink, mkdir …
 *   content.c  calls that change content: write, truncate, fsync, copies
 *   raw.c      the same through syscall()
 */
#pragma once
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

/** A file that a call means. */
struct place {
  /** As it is now: absolute, without "." and "..", links as they are. */
  char path[PATH_MAX];
  /** The same in every run: "project/db.sqlite3", with placeholders for what is random. */
  char name[PATH_MAX];
  /** Before the call; of a link, the link itself. */
  int exists;
  struct stat stats;
};

struct call {
  const char *kind;
  struct place at;
  /** Where a name or a link is made. */
  struct place to;
  int has_to;
  /** The descriptor that content goes through, or -1. */
  int file;
  long long offset;
  long long length;
  int flags;
  long long mode;
  /** What a symbolic link says. */
  const char *target;
  /** Where the bytes are that are written: in memory, or in another file. */
  const struct iovec *parts;
  int part_count;
  int from;
  long long from_offset;
  int turn;
};

/** The original of an interposed function. */
#define ORIGINAL(result, name, ...)                                                                                    \
  static result (*original)(__VA_ARGS__);                                                                              \
  if (original == NULL) original = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

/** syscall() itself, which is interposed as well. */
long kernel(long number, ...);

/** Whether a call concerns the folders: then it is this call's turn, until it was refused or is done. */
int begins_at(struct call *call, const char *kind, int folder, const char *path);
int begins_between(struct call *call, const char *kind, int folder, const char *path, int to_folder, const char *to);
int begins_in(struct call *call, const char *kind, int file);
/** The call is to fail, with `errno` set; or this process ends here. */
int is_refused(struct call *call);
/** The call was made: it is written down. Keeps `errno`; returns the result. */
long long done(struct call *call, long long result);

int find_place(struct place *place, int folder, const char *path);
int find_open_place(struct place *place, int file);
void read_place_rule(const char *line);
