"""A template of one test database in devshm's cache: a folder that has its name only when all of it is there."""

import json
import os
import shutil
import sqlite3
import tempfile
import zlib
from urllib.parse import quote

Doubt = load('devshm_test_sources').Doubt  # noqa: F821

DATABASE = 'database.sqlite3'
MANIFEST = 'template.json'
SERIALIZED = 'serialized.json'


class Template:
    def __init__(self, key, connection, cache):
        self.key = key
        self.connection = connection
        self.folder = os.path.join(cache, 'tests', key.value)
        self.unfinished = os.path.join(cache, 'unfinished')
        self.staged = None
        self.manifest = None
        self.is_damaged = False
        # Code that its migrations had imported, besides what the key is made of.
        self.outdated_by = None
        # The connection, and how much was changed by it, when the database was as the template is.
        self.equal_at = None

    @property
    def raw(self):
        return self.connection.connection

    def now(self):
        return self.raw, self.raw.total_changes

    def fill(self):
        """Make the database equal to the template. @returns whether there is one; the database is as before if not"""
        manifest = self.read_manifest()
        if manifest is None:
            return False
        path = os.path.join(self.folder, DATABASE)
        # Until the opposite is shown.
        self.is_damaged = True
        source = sqlite3.connect('file:' + quote(path) + '?mode=ro&immutable=1', uri=True)
        try:
            source.backup(self.raw)
        finally:
            source.close()
        if count_objects(self.raw) != manifest['objects']:
            raise RuntimeError('the template ' + self.folder + ' is damaged')
        self.is_damaged = False
        self.equal_at = self.now()
        os.utime(self.folder)
        return True

    def read_manifest(self):
        """Of the template, if it is complete, and the code that its migrations had also imported is what it was."""
        try:
            with open(os.path.join(self.folder, MANIFEST), encoding='utf-8') as file:
                manifest = json.load(file)
            now = described(os.path.join(self.folder, DATABASE))
        except (FileNotFoundError, ValueError):
            return None
        # Somebody wrote to it, or the power failed when it was new.
        if any(manifest[name] != value for name, value in now.items()):
            return None
        self.outdated_by = self.key.sources.first_changed(manifest['imported'])
        return manifest if self.outdated_by is None else None

    def read_serialized(self):
        """The content as Django serializes it, if the database still is what the template is, and that was kept."""
        if self.equal_at != self.now():
            return None
        try:
            with open(os.path.join(self.folder, SERIALIZED), encoding='utf-8') as file:
                checksum, _, text = file.read().partition('\n')
        except FileNotFoundError:
            return None
        return text if checksum == checksum_of(text) else None

    def make_empty(self):
        """Whatever happened to it so far. @raises RuntimeError: it is not empty, and nothing more may be done to it"""
        try:
            if is_empty(self.raw):
                return
        except sqlite3.DatabaseError:
            # What was put into it is damaged.
            pass
        empty = sqlite3.connect(':memory:')
        try:
            empty.backup(self.raw)
        finally:
            empty.close()
        if not is_empty(self.raw):
            raise RuntimeError('devshm has left something in the test database; run the tests without it')

    def stage(self, watch):
        """Put what `migrate` made beside the cache, to be kept once all of the test database is made."""
        if watch.reached:
            raise Doubt('its migrations use other databases: ' + ', '.join(sorted(watch.reached)))
        if self.raw.in_transaction or not has_one_database(self.raw):
            raise Doubt('it is not alone on its connection')
        os.makedirs(self.unfinished, mode=0o700, exist_ok=True)
        self.staged = tempfile.mkdtemp(prefix='tests-', dir=self.unfinished)
        path = os.path.join(self.staged, DATABASE)
        target = sqlite3.connect(path)
        try:
            # Nobody sees it before it is complete.
            target.execute('pragma journal_mode = off')
            target.execute('pragma synchronous = off')
            self.raw.backup(target)
            # One that keeps a log says so in its file, which then could not be read without writing.
            target.execute('pragma journal_mode = delete')
        finally:
            target.close()
        self.equal_at = self.now()
        self.manifest = {
            **described(path),
            'objects': count_objects(self.raw),
            'imported': self.key.sources.newly_loaded(watch.modules),
        }

    def keep(self, report):
        """@returns whether it is in the cache now. @raises Doubt: files have changed meanwhile"""
        if self.staged is None:
            return self.equal_at is not None
        try:
            if self.manifest is None:
                return False
            if self.key.sources.have_changed(self.key.looked_at):
                raise Doubt('files were changed while the tests began')
            write(os.path.join(self.staged, MANIFEST), json.dumps({**report, **self.manifest, **self.key.described}))
            self.put_in_place()
            return True
        finally:
            shutil.rmtree(self.staged, ignore_errors=True)
            self.staged = None

    def put_in_place(self):
        os.makedirs(os.path.dirname(self.folder), mode=0o700, exist_ok=True)
        if (self.is_damaged or self.read_manifest() is None) and os.path.exists(self.folder):
            os.rename(self.folder, self.staged + '-old')
            shutil.rmtree(self.staged + '-old', ignore_errors=True)
        try:
            os.rename(self.staged, self.folder)
        except OSError:
            # Another process was faster, with the same.
            if self.read_manifest() is None:
                raise

    def add_serialized(self, text):
        """Keep it with the template, if it is of the same content, and there is one."""
        if self.equal_at != self.now():
            return
        file, temporary = tempfile.mkstemp(dir=self.staged or self.unfinished)
        os.close(file)
        write(temporary, checksum_of(text) + '\n' + text)
        os.rename(temporary, os.path.join(self.staged or self.folder, SERIALIZED))


def is_empty(raw):
    return isinstance(raw, sqlite3.Connection) and has_one_database(raw) and count_objects(raw) == 0


def has_one_database(raw):
    return all(row[1] in ('main', 'temp') for row in raw.execute('pragma database_list').fetchall())


def count_objects(raw):
    return raw.execute('select count(*) from sqlite_master').fetchone()[0]


def described(path):
    """By its content: cheaper than to wait for a disk whenever one is made."""
    bytes, checksum = 0, 0
    with open(path, 'rb') as file:
        for part in iter(lambda: file.read(1 << 20), b''):
            bytes += len(part)
            checksum = zlib.crc32(part, checksum)
    return {'bytes': bytes, 'checksum': checksum}


def checksum_of(text):
    return str(zlib.crc32(text.encode('utf-8', 'surrogatepass')))


def write(path, text):
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
