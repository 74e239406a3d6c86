# Somebody who, until the standard input closes, puts things where devshm is at work: links to and hard links of what is
# not theirs, folders and files of their own; and takes away and exchanges what they can.
import os, select, sys

folder, target, *names = sys.argv[1:]
rounds = 0


def attempt(action, *arguments):
    try:
        action(*arguments)
    except OSError:
        pass


def touch(path):
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))


os.umask(0)
while not select.select([sys.stdin], [], [], 0)[0]:
    for name in names:
        path = os.path.join(folder, name)
        stolen = path + '.stolen'
        attempt(os.rename, path, stolen)
        kind = rounds % 5
        if kind == 0:
            attempt(os.symlink, target, path)
        elif kind == 1:
            attempt(os.link, os.path.join(target, 'thesis.sqlite3'), path)
        elif kind == 2:
            attempt(os.symlink, os.path.join(target, 'thesis.sqlite3'), path)
        elif kind == 3:
            attempt(os.mkdir, path, 0o777)
        else:
            attempt(touch, path)
        attempt(os.unlink, path)
        attempt(os.rmdir, path)
        attempt(os.rename, stolen, path)
    rounds += 1
print(rounds, flush=True)
