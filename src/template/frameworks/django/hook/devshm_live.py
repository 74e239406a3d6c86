"""Leads plain `sqlite3.connect` to databases that are in RAM while `devshm run --no-link` runs, and leaves signs of use.

At the end devshm looks for the signs: a command whose database is in RAM, and that never asked for it there, has worked
on the file on disk, and its user is told.
"""

import functools
import hashlib
import os

unless_it_fails = load('devshm_after_import').unless_it_fails  # noqa: F821


class Live:
    """What one `devshm run --no-link` has put into RAM."""

    def __init__(self, signs):
        self.signs = signs
        self.noted = set()

    def note(self, what):
        if what not in self.noted:
            self.noted.add(what)
            unless_it_fails(leave, os.path.join(self.signs, what))

    def note_use(self, path):
        self.note('used-' + hashlib.sha256(os.fsencode(path)).hexdigest())

    def refusal(self, path, live):
        return (
            'while `devshm run --no-link` runs, the database of ' + path + ' is in RAM, at ' + live + ': connect to it by '
            'Django or sqlite3.connect; to replace what it holds, use devshm restore, devshm reset or manage.py flush'
        )


def leave(sign):
    os.close(os.open(sign, os.O_CREAT | os.O_WRONLY, 0o600))


def lead_connect(lead_for, led_away, after_import):
    """Have `sqlite3.connect` open live. Whoever takes the class `Connection` instead is refused, and sees why."""

    def wrap(module):
        original = module.connect
        if hasattr(original, 'leads_to_live'):
            return

        @functools.wraps(original)
        def connect(*args, **kwargs):
            given = args[:1] or (kwargs.get('database'),)
            name = unless_it_fails(live_name, given[0], kwargs.get('uri', args[7:8] == (True,)))
            if name is None:
                return original(*args, **kwargs)
            if args:
                return original(name, *args[1:], **kwargs)
            return original(**{**kwargs, 'database': name})

        connect.leads_to_live = True
        module.connect = connect

    def live_name(name, is_uri):
        # What looks like a URI, and is none, is a file of that name.
        if not is_uri and os.fsdecode(name).startswith('file:'):
            return None
        lead = lead_for(name)
        return led_away(name) if lead and lead.live else None

    # The second takes everything from the first when it is imported, or has already.
    after_import('sqlite3.dbapi2', wrap)
    after_import('sqlite3', wrap)
