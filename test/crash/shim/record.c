#include "shim.h"
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>

/** Where the log is, and the orders; none: nothing is done. */
static char folder[PATH_MAX - 32];
/** What is to happen at which call: `at N KEY`, `then kill-before|kill-after|fail|fail-on ERRNO`. */
static char target[3 * PATH_MAX];
static long target_number;
static char action[16];
static int action_error;
static int keeps_data;
static pid_t harness;
static char program[64];

__attribute__((constructor)) static void read_orders(void) {
  const char *given = getenv("CRASH_SHIM");
  if (given == NULL || strlen(given) >= sizeof folder) return;
  char path[PATH_MAX], line[4 * PATH_MAX];
  snprintf(path, sizeof path, "%s/orders", given);
  int file = kernel(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
  FILE *orders = file < 0 ? NULL : fdopen(file, "r");
  if (orders == NULL) return;
  while (fgets(line, sizeof line, orders) != NULL) {
    line[strcspn(line, "\n")] = '\0';
    read_place_rule(line);
    sscanf(line, "at %ld %12287[^\n]", &target_number, target);
    sscanf(line, "then %15s %d", action, &action_error);
    sscanf(line, "harness %d", &harness);
    if (strcmp(line, "data") == 0) keeps_data = 1;
  }
  fclose(orders);
  ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
  path[length < 0 ? 0 : length] = '\0';
  const char *slash = strrchr(path, '/');
  snprintf(program, sizeof program, "%s", slash == NULL ? path : slash + 1);
  strcpy(folder, given);
}

static int open_own(const char *name, int flags) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return kernel(SYS_openat, AT_FDCWD, path, flags | O_CREAT | O_CLOEXEC, 0600);
}

/** One call at a time, in all processes and threads: the log has the order in which things came to pass. */
static void take_turn(struct call *call) {
  call->turn = open_own("turn", O_RDWR);
  while (flock(call->turn, LOCK_EX) != 0 && errno == EINTR);
}

static void end_turn(struct call *call) {
  // Explicitly, because a process that is being started meanwhile has the descriptor too.
  flock(call->turn, LOCK_UN);
  close(call->turn);
}

static void start(struct call *call, const char *kind) {
  call->kind = kind;
  call->has_to = 0;
  call->file = call->from = -1;
  call->offset = call->length = call->mode = call->from_offset = -1;
  call->flags = call->part_count = 0;
  call->target = NULL;
}

int begins_at(struct call *call, const char *kind, int at, const char *path) {
  int before = errno;
  start(call, kind);
  int concerns = folder[0] != '\0' && find_place(&call->at, at, path);
  // Looked at again: what is there may have changed until it was this one's turn.
  if (concerns) take_turn(call), find_place(&call->at, at, path);
  errno = before;
  return concerns;
}

int begins_between(struct call *call, const char *kind, int at, const char *path, int to_folder, const char *to) {
  int before = errno;
  start(call, kind);
  call->has_to = 1;
  int concerns = folder[0] != '\0' && (find_place(&call->at, at, path) | find_place(&call->to, to_folder, to));
  if (concerns) {
    take_turn(call);
    if (!find_place(&call->at, at, path)) snprintf(call->at.name, PATH_MAX, "%s", "elsewhere");
    if (!find_place(&call->to, to_folder, to)) snprintf(call->to.name, PATH_MAX, "%s", "elsewhere");
  }
  errno = before;
  return concerns;
}

int begins_in(struct call *call, const char *kind, int file) {
  int before = errno;
  start(call, kind);
  int concerns = folder[0] != '\0' && find_open_place(&call->at, file);
  if (concerns) {
    take_turn(call), find_open_place(&call->at, file);
    call->file = file;
  }
  errno = before;
  return concerns;
}

/** All that a line says, under the lock: one buffer will do. */
static char line[16 * PATH_MAX];
static size_t used;

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...) {
  va_list values;
  va_start(values, format);
  int n = vsnprintf(line + used, sizeof line - used, format, values);
  va_end(values);
  if (n > 0 && used + n < sizeof line) used += n;
}

static void say_text(const char *field, const char *text) {
  say(",\"%s\":\"", field);
  for (; *text != '\0'; text++) {
    if (*text == '"' || *text == '\\') say("\\%c", *text);
    else if ((unsigned char)*text < 0x20) say("\\u%04x", *text);
    else say("%c", *text);
  }
  say("\"");
}

static void say_stats(const char *field, const struct stat *stats) {
  say(",\"%s\":{\"device\":%llu,\"inode\":%llu,\"mode\":%u,\"size\":%lld,\"links\":%llu}", field,
      (unsigned long long)stats->st_dev, (unsigned long long)stats->st_ino, stats->st_mode, (long long)stats->st_size,
      (unsigned long long)stats->st_nlink);
}

/** The folder that a name is in: what must be synced for the name to last. */
static void say_folder(const char *field, const char *path) {
  char copy[PATH_MAX];
  struct stat stats;
  snprintf(copy, sizeof copy, "%s", path);
  char *slash = strrchr(copy, '/');
  if (slash == NULL) return;
  slash[slash == copy ? 1 : 0] = '\0';
  if (fstatat(AT_FDCWD, copy, &stats, 0) == 0) say_stats(field, &stats);
}

static void say_place(const char *field, const struct place *place, int is_name) {
  char more[64];
  say_text(field, place->path);
  snprintf(more, sizeof more, "%sWas", field);
  if (place->exists) say_stats(more, &place->stats);
  snprintf(more, sizeof more, "%sFolder", field);
  if (is_name) say_folder(more, place->path);
}

static long long append_data(const void *bytes, size_t length) {
  int file = open_own("data", O_WRONLY | O_APPEND);
  long long at = lseek(file, 0, SEEK_END);
  for (size_t sent = 0; sent < length;) {
    long n = kernel(SYS_write, file, (const char *)bytes + sent, length - sent);
    if (n <= 0) break;
    sent += n;
  }
  close(file);
  return at;
}

/** What was written, so far as it can be known: from a pipe, it cannot. */
static void say_data(struct call *call, long long result) {
  long long at = -1, left = result;
  for (int i = 0; i < call->part_count && left > 0; i++) {
    size_t length = (long long)call->parts[i].iov_len < left ? call->parts[i].iov_len : (size_t)left;
    long long here = append_data(call->parts[i].iov_base, length);
    if (at < 0) at = here;
    left -= length;
  }
  static char buffer[1 << 16];
  for (long long from = call->from_offset; call->from >= 0 && from >= 0 && left > 0;) {
    ssize_t n = pread(call->from, buffer, left < (long long)sizeof buffer ? (size_t)left : sizeof buffer, from);
    if (n <= 0) break;
    long long here = append_data(buffer, n);
    if (at < 0) at = here;
    from += n, left -= n;
  }
  if (at >= 0 && left == 0) say(",\"data\":%lld", at);
}

static void key_of(const struct call *call, char *key, size_t size) {
  if (call->has_to) snprintf(key, size, "%s %s -> %s", call->kind, call->at.name, call->to.name);
  else snprintf(key, size, "%s %s", call->kind, call->at.name);
}

static void write_down(struct call *call, const char *what, long long result, int error) {
  static char key[3 * PATH_MAX];
  used = 0;
  key_of(call, key, sizeof key);
  say("{\"pid\":%d,\"thread\":%d,\"parent\":%d", getpid(), (int)kernel(SYS_gettid), getppid());
  say_text("program", program);
  say_text("kind", call->kind);
  say_text("key", key);
  say_text("happened", what);
  say(",\"result\":%lld,\"error\":%d", result, result < 0 ? error : 0);
  int is_name = call->file < 0;
  say_place("path", &call->at, is_name);
  if (call->has_to) say_place("to", &call->to, is_name);
  if (call->target != NULL) say_text("target", call->target);
  if (call->offset >= 0) say(",\"offset\":%lld", call->offset);
  if (call->length >= 0) say(",\"length\":%lld", call->length);
  if (call->mode >= 0) say(",\"mode\":%lld", call->mode);
  say(",\"flags\":%d", call->flags);
  struct stat now;
  // What was opened may be behind a link.
  int is_opened = strcmp(call->kind, "create") == 0 || strcmp(call->kind, "empty") == 0;
  int file = is_opened ? (int)result : call->file;
  const char *path = call->has_to ? call->to.path : call->at.path;
  if (result >= 0 && (file >= 0 ? fstat(file, &now) : fstatat(AT_FDCWD, path, &now, AT_SYMLINK_NOFOLLOW)) == 0)
    say_stats("now", &now);
  if (keeps_data && result > 0) say_data(call, result);
  say("}\n");
  int log = open_own("log", O_WRONLY | O_APPEND);
  kernel(SYS_write, log, line, used);
  close(log);
}

static pid_t parent_of(pid_t pid, char *name) {
  char path[64], text[512];
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  int file = kernel(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
  if (file < 0) return 0;
  ssize_t length = read(file, text, sizeof text - 1);
  close(file);
  text[length < 0 ? 0 : length] = '\0';
  char *bracket = strrchr(text, ')');
  int parent = 0;
  if (bracket == NULL) return 0;
  sscanf(bracket, ") %*c %d", &parent);
  *bracket = '\0';
  snprintf(name, 64, "%s", strchr(text, '(') + 1);
  return parent;
}

static int is_node(const char *name) { return strcmp(name, "node") == 0 || strcmp(name, "MainThread") == 0; }

/** A helper never dies alone: first the processes above it, up to the one that runs devshm. */
static void die(void) {
  char name[64];
  pid_t pid = getpid();
  if (!is_node(program)) {
    for (pid = getppid(); pid > 1 && pid != harness;) {
      pid_t parent = parent_of(pid, name);
      kill(pid, SIGKILL);
      if (is_node(name)) break;
      pid = parent;
    }
  }
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

/** Whether it is this very call that something is to happen at; counted in all processes together. */
static int is_target(const struct call *call) {
  static char key[3 * PATH_MAX];
  if (target_number == 0) return 0;
  key_of(call, key, sizeof key);
  if (strcmp(key, target) != 0) return 0;
  long seen = 0;
  int file = open_own("seen", O_RDWR);
  if (pread(file, &seen, sizeof seen, 0) != sizeof seen) seen = 0;
  seen++;
  kernel(SYS_pwrite64, file, &seen, sizeof seen, 0L);
  close(file);
  return strcmp(action, "fail-on") == 0 ? seen >= target_number : seen == target_number;
}

static int dies_after;

int is_refused(struct call *call) {
  int before = errno;
  if (is_target(call)) {
    if (strcmp(action, "kill-before") == 0) {
      write_down(call, "killed before", -1, 0);
      die();
    }
    if (strcmp(action, "kill-after") == 0) dies_after = 1;
    if (strncmp(action, "fail", 4) == 0) {
      write_down(call, "refused", -1, action_error);
      end_turn(call);
      errno = action_error;
      return 1;
    }
  }
  errno = before;
  return 0;
}

long long done(struct call *call, long long result) {
  int after = errno;
  write_down(call, dies_after ? "killed after" : "done", result, after);
  if (dies_after) die();
  end_turn(call);
  errno = after;
  return result;
}
