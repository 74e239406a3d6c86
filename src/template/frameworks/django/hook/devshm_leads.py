"""Leads Django to a private database, away from the user's, and keeps everything else of Python's away from that.

1. A connection whose NAME is one of the paths in "from" gets "to" instead. Django's own code stays as it is.
2. A connection to such a path that is made in another way, or removing, replacing or writing the file, is refused.

What cannot be understood is left alone: the build notices that its database was not touched.

Where "live" says that a database is in RAM for as long as a command runs, connections lead there by the same ways, and
by `sqlite3.connect` as well: see `devshm_live`.
"""

import os
import sys

unless_it_fails = load('devshm_after_import').unless_it_fails  # noqa: F821

SIDECARS = ('-wal', '-journal', '-shm')
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


class Lead:
    """Away from some spellings of a path, to a private database."""

    def __init__(self, away_from, to, live=None):
        self.to = to
        # Set where `to` is what the user works on, and not a private database.
        self.live = live
        self.own = spellings(to)
        self.spellings = set().union(*map(spellings, away_from)) - self.own

    def leads_away_from(self, path):
        named = spellings(path)
        if named & self.own:
            return False
        return bool(named & self.spellings) or any(is_same_file(path, each) for each in self.spellings)

    def refusal(self, path):
        if self.live:
            return self.live.refusal(path, self.to)
        return (
            'devshm keeps set-up steps away from ' + path + ' while it builds a fresh database, '
            'which is ' + self.to + ': take the path from settings.DATABASES, or from a connection of Django'
        )


def spellings(path):
    """A path with the links of its folder resolved, and with all of them: the file itself may be devshm's link."""
    path = os.path.abspath(path)
    folder, name = os.path.split(path)
    return {os.path.join(os.path.realpath(folder), name), os.path.realpath(path)}


def is_same_file(one, other):
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False


def files_named_by(name):
    """The paths that SQLite may open for a name: none for one in memory."""
    if not isinstance(name, (str, bytes, os.PathLike)):
        return []
    name = os.fsdecode(name)
    if name in ('', ':memory:'):
        return []
    if not name.startswith('file:'):
        return [name]
    path, options = split_uri(name)
    if not path or path == ':memory:' or 'mode=memory' in options.split('&') or 'vfs=memdb' in options.split('&'):
        return []
    # Without `uri=True` it is a strange, but possible, relative path.
    return [path, name]


def split_uri(name):
    """The path and the options of a `file:` URI, as https://sqlite.org/uri.html has it."""
    # Only here: each Python that a step starts would wait for it.
    from urllib.parse import unquote

    location, _, options = name[len('file:') :].partition('#')[0].partition('?')
    if location.startswith('//'):
        location = location[2:][location[2:].find('/') :] if '/' in location[2:] else ''
    return unquote(location, errors='surrogateescape'), options


def lead_for(name):
    if isinstance(name, (str, os.PathLike)) and os.fspath(name) in KNOWN:
        return KNOWN[os.fspath(name)]
    for path in files_named_by(name):
        for lead in LEADS:
            if lead.leads_away_from(path):
                return lead
    return None


def guard_of(name):
    """The lead whose database must not be removed or written to as a file: what it leads away from, and live itself."""
    for path in files_named_by(name):
        for lead in LEADS:
            if lead.live and spellings(path) & lead.own:
                return lead
    return lead_for(name)


def led_away(name):
    """What to use instead of this name, in the same form; the name itself if it is not to be led away."""
    lead = lead_for(name)
    if lead is None:
        return name
    if lead.live:
        # Of all: a session inside of another one may share what is in RAM.
        for live in LIVE:
            live.note_use(lead.to)
    if isinstance(name, bytes):
        return os.fsencode(lead.to)
    if not isinstance(name, str):
        return type(name)(lead.to)
    if not name.startswith('file:'):
        return lead.to
    from urllib.parse import quote

    options = split_uri(name)[1]
    return 'file:' + quote(lead.to, errors='surrogateescape') + ('?' + options if options else '')


def lead_connections_away(utils):
    """Django 3.2 to 6: `configure_settings` gives all connections what they are made from, by alias."""
    original = utils.ConnectionHandler.configure_settings
    note('taken')

    def configure_settings(self, databases):
        databases = original(self, databases)
        note('configured')
        for database in databases.values():
            unless_it_fails(rename, database)
        return databases

    utils.ConnectionHandler.configure_settings = configure_settings


def rename(database):
    # In place: this is the dictionary of the settings, from which other code takes the path as well.
    if database.get('NAME'):
        database['NAME'] = led_away(database['NAME'])


def refuse(event, arguments):
    """An audit hook: whoever would reach a database that is led away gets an error instead."""
    paths = GUARDED.get(event)
    if paths is None:
        return
    for path in unless_it_fails(paths, *arguments) or ():
        lead = unless_it_fails(lead_for if event == 'sqlite3.connect' else guard_of, path)
        if lead is not None:
            raise PermissionError(lead.refusal(os.fsdecode(path)))


def connected(database, *_):
    return [database]


def opened(path, mode, flags):
    return with_owner(path) if isinstance(flags, int) and flags & WRITING else []


def removed(path, *_):
    return with_owner(path)


def renamed(source, destination, *_):
    return with_owner(source) + with_owner(destination)


def with_owner(path):
    """A path, and the database that it belongs to if it is that of a journal or log."""
    if not isinstance(path, (str, bytes, os.PathLike)):
        return []
    path = os.fsdecode(path)
    return [path] + [path[: -len(sidecar)] for sidecar in SIDECARS if path.endswith(sidecar)]


GUARDED = {
    'sqlite3.connect': connected,
    'open': opened,
    'os.truncate': removed,
    'os.remove': removed,
    'os.rename': renamed,
}

# Private databases first: a build in a session goes its own way.
LEADS = []
LIVE = []

# What an app that works in RAM connects with for each request, and what it leads to: to find that out by the file system
# takes longer than to connect.
KNOWN = {}


def note(what):
    for live in LIVE:
        live.note(what)


def start(leads, all_live, after_import):
    LEADS.extend(Lead(lead['from'], lead['to']) for lead in leads)
    if all_live:
        module = load('devshm_live')  # noqa: F821
        for told in all_live:
            live = module.Live(told['signs'])
            LIVE.append(live)
            LEADS.extend(Lead(lead['from'], lead['to'], live) for lead in told['leads'])
        module.lead_connect(lead_for, led_away, after_import)
    if not leads:
        KNOWN.update((spelling, lead) for lead in LEADS for spelling in lead.spellings)
        KNOWN.update((lead.to, None) for lead in LEADS)
    after_import('django.db.utils', lead_connections_away)
    # New in Python 3.8.
    if hasattr(sys, 'addaudithook'):
        sys.addaudithook(refuse)
