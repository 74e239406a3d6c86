"""Knows which code is accounted for: as an input that devshm has hashed, or by the version of an installed package.

Everything else that a test database may depend on is hashed here, when it is asked for.
"""

import hashlib
import os
import sys
import sysconfig
from importlib.machinery import EXTENSION_SUFFIXES

MOST_FILES = 5000
COMPILED = ('.pyc', *EXTENSION_SUFFIXES)
LEFT_OUT = {'__pycache__', 'node_modules', '.git', 'static', 'templates', 'locale'}


class Doubt(Exception):
    """It cannot be told whether two databases would be the same."""


class Sources:
    def __init__(self, base):
        root = os.path.realpath(base['root'])
        self.inputs = {os.path.join(root, path) for path, _ in base['inputs']}
        self.root = root
        self.package_folders = package_folders()
        self.noted = set()
        self.hashed = {}

    def cover(self, path):
        """Whether it is an input, or in an installed package."""
        path = os.path.abspath(path)
        return path.startswith(self.package_folders) or path in self.inputs or os.path.realpath(path) in self.inputs

    def is_installed(self, path):
        return os.path.abspath(path).startswith(self.package_folders)

    def note_module(self, name):
        if name in self.noted:
            return
        self.noted.add(name)
        path = file_of(sys.modules.get(name))
        if path is not None and not self.cover(path):
            self.note_file(path)

    def note_file(self, path):
        self.hashed[self.named(path)] = hash_of(path)

    def note_package(self, name, folder):
        """All files of the outermost package of a module: what else it imports from there cannot be seen from here."""
        outermost = sys.modules.get(name.partition('.')[0])
        for each in list(getattr(outermost, '__path__', ())) or [folder]:
            for path in files_below(each):
                if len(self.hashed) > MOST_FILES:
                    raise Doubt('there are too many files in ' + each)
                self.note_file(path)

    def newly_loaded(self, before):
        """What was imported since, and is not accounted for."""
        paths = [file_of(module) for name, module in list(sys.modules.items()) if name not in before]
        return {self.named(path): hash_of(path) for path in paths if path is not None and not self.knows(path)}

    def knows(self, path):
        return self.cover(path) or self.named(path) in self.hashed

    def named(self, path):
        path = os.path.abspath(path)
        return os.path.relpath(path, self.root) if path.startswith(self.root + os.sep) else path

    def first_changed(self, hashes):
        return next((path for path, value in hashes.items() if hash_of(os.path.join(self.root, path)) != value), None)

    def as_they_are(self, inputs, looked_at):
        """The hashes of the inputs now: those of devshm, but for what was written since. Times in nanoseconds."""
        paths = {path: os.path.join(self.root, path) for path, _ in inputs}
        return [[path, hash_of(paths[path]) if has_changed(paths[path], looked_at) else hash] for path, hash in inputs]

    def have_changed(self, looked_at):
        return any(has_changed(path, looked_at) for path in self.inputs)


def package_folders():
    paths = sysconfig.get_paths()
    folders = [paths.get(name) for name in ('stdlib', 'platstdlib', 'purelib', 'platlib')]
    folders += [entry for entry in sys.path if os.path.basename(entry) in ('site-packages', 'dist-packages')]
    every = {spelling for each in folders if each for spelling in (os.path.abspath(each), os.path.realpath(each))}
    return tuple(sorted(each + os.sep for each in every))


def installed_packages(folders):
    """Names and versions, by what installers leave beside a package."""
    found = []
    for folder in folders:
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        for name in names:
            stem, extension = os.path.splitext(name)
            if extension not in ('.dist-info', '.egg-info', '.egg-link', '.pth'):
                continue
            # Debian's have no version in their names.
            has_version = extension.endswith('-info') and any(part[:1].isdigit() for part in stem.split('-')[1:])
            found.append(name if has_version else name + ' ' + stamp_of(os.path.join(folder, name)))
    return sorted(set(found))


def stamp_of(path):
    for part in ('PKG-INFO', 'METADATA', ''):
        try:
            stats = os.stat(os.path.join(path, part) if part else path)
            return '%d %d' % (stats.st_size, stats.st_mtime)
        except OSError:
            continue
    return 'unknown'


def modules_in(folder):
    """The files of the modules in a package's folder. @raises Doubt: one has no source"""
    names = set(os.listdir(folder))
    for name in names:
        if name.endswith(COMPILED) and name.partition('.')[0] + '.py' not in names:
            raise Doubt('the source of ' + os.path.join(folder, name) + ' is not there')
    packages = [os.path.join(folder, name, '__init__.py') for name in names if '.' not in name]
    return [os.path.join(folder, name) for name in names if name.endswith('.py')] + list(filter(os.path.exists, packages))


def files_below(folder):
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if each not in LEFT_OUT)
        yield from (os.path.join(place, name) for name in sorted(names) if not name.endswith(('.pyc', '.sqlite3')))


def file_of(module):
    path = getattr(module, '__file__', None)
    if not isinstance(path, str):
        return None
    source = path[:-1] if path.endswith('.pyc') else path
    return source if os.path.exists(source) else None


def hash_of(path):
    try:
        with open(path, 'rb') as file:
            return hashlib.sha256(file.read()).hexdigest()
    except OSError:
        return 'absent'


def has_changed(path, since):
    """The clock of files is some milliseconds behind."""
    try:
        return os.stat(path).st_ctime_ns >= since - 20_000_000
    except OSError:
        return True
