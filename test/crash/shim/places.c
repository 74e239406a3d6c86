#include "shim.h"
#include <regex.h>

static struct { char name[64]; char path[PATH_MAX]; size_t length; } roots[8];
static int root_count;

static struct { regex_t pattern; char text[64]; } placeholders[32];
static int placeholder_count;

/** `root NAME PATH`, or `placeholder TEXT PATTERN`: an extended regular expression. */
void read_place_rule(const char *line) {
  char pattern[512];
  if (root_count < 8 && sscanf(line, "root %63s %4095[^\n]", roots[root_count].name, roots[root_count].path) == 2) {
    roots[root_count].length = strlen(roots[root_count].path);
    root_count++;
  } else if (placeholder_count < 32 &&
             sscanf(line, "placeholder %63s %511[^\n]", placeholders[placeholder_count].text, pattern) == 2) {
    if (regcomp(&placeholders[placeholder_count].pattern, pattern, REG_EXTENDED) == 0) placeholder_count++;
  }
}

static int replace_all(char *text, const regex_t *pattern, const char *by) {
  char out[PATH_MAX];
  size_t used = 0;
  regmatch_t found;
  const char *rest = text;
  while (*rest != '\0' && regexec(pattern, rest, 1, &found, rest == text ? 0 : REG_NOTBOL) == 0) {
    int n = snprintf(out + used, sizeof out - used, "%.*s%s", (int)found.rm_so, rest, by);
    if (n < 0 || used + n >= sizeof out) return 0;
    used += n;
    rest += found.rm_eo;
    if (found.rm_eo == 0) break;
  }
  if (rest == text || used + strlen(rest) >= sizeof out) return 0;
  strcpy(out + used, rest);
  strcpy(text, out);
  return 1;
}

static int name_place(struct place *place) {
  for (int i = 0; i < root_count; i++) {
    const char *rest = place->path + roots[i].length;
    if (strncmp(place->path, roots[i].path, roots[i].length) != 0 || (*rest != '/' && *rest != '\0')) continue;
    if (snprintf(place->name, sizeof place->name, "%s%s", roots[i].name, rest) >= (int)sizeof place->name) return 0;
    for (int k = 0; k < placeholder_count; k++) replace_all(place->name, &placeholders[k].pattern, placeholders[k].text);
    return 1;
  }
  return 0;
}

/** "//", "/./" and "/x/../" go. */
static void tidy(char *path) {
  char *to = path;
  for (char *from = path; *from != '\0';) {
    while (*from == '/') from++;
    size_t length = strcspn(from, "/");
    if (length == 2 && from[0] == '.' && from[1] == '.') {
      while (to > path && *--to != '/');
    } else if (length > 0 && !(length == 1 && *from == '.')) {
      *to++ = '/';
      memmove(to, from, length);
      to += length;
    }
    from += length;
  }
  if (to == path) *to++ = '/';
  *to = '\0';
}

static int read_link(const char *path, char *target) {
  ssize_t length = readlink(path, target, PATH_MAX - 1);
  if (length <= 0) return 0;
  target[length] = '\0';
  return 1;
}

static int path_of_file(int file, char *path) {
  char link[64];
  if (file == AT_FDCWD) return read_link("/proc/self/cwd", path);
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  return read_link(link, path) && path[0] == '/';
}

int find_place(struct place *place, int folder, const char *path) {
  if (path == NULL || *path == '\0') return find_open_place(place, folder);
  if (path[0] == '/') {
    if (snprintf(place->path, PATH_MAX, "%s", path) >= PATH_MAX) return 0;
  } else {
    char base[PATH_MAX];
    if (!path_of_file(folder, base)) return 0;
    if (snprintf(place->path, PATH_MAX, "%s/%s", base, path) >= PATH_MAX) return 0;
  }
  tidy(place->path);
  // Descriptors as paths: /proc/self/fd/1, /dev/stdout.
  for (int hops = 0; hops < 3; hops++) {
    char target[PATH_MAX];
    if (strncmp(place->path, "/proc/", 6) != 0 && strncmp(place->path, "/dev/fd", 7) != 0 &&
        strncmp(place->path, "/dev/std", 8) != 0)
      break;
    if (!read_link(place->path, target) || target[0] != '/') return 0;
    strcpy(place->path, target);
  }
  if (!name_place(place)) return 0;
  place->exists = fstatat(AT_FDCWD, place->path, &place->stats, AT_SYMLINK_NOFOLLOW) == 0;
  return 1;
}

/** A file that was removed has the name that it had, with " (deleted)". */
int find_open_place(struct place *place, int file) {
  if (file < 0 || !path_of_file(file, place->path) || !name_place(place)) return 0;
  place->exists = fstat(file, &place->stats) == 0;
  return place->exists;
}
