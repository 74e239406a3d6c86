"""Only for tests: an app that keeps its database open, as `devshm run` runs it.

    python3 app.py DATABASE LAST

Notes `ready` and then the name of each signal that arrives, as a row of `seen` (one commit each) and on standard
output, and ends with status 0 after the signal LAST.
"""

import signal
import sqlite3
import sys

WATCHED = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGCONT}

# Taken one by one: two handlers called in quick succession would be merged into one by the interpreter.
signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
database, last = sys.argv[1:]
connection = sqlite3.connect(database, isolation_level=None)
connection.execute("create table if not exists seen (word text)")


def note(word):
    connection.execute("insert into seen values (?)", (word,))
    try:
        print(word, flush=True)
    except OSError:
        pass  # The terminal has been closed: the row tells.


note("ready")
while True:
    name = signal.Signals(signal.sigwait(WATCHED)).name
    note(name)
    if name == last:
        break
