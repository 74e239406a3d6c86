"""Only for tests: an app that reads and writes, and notices whether what it sees is one state that was committed.

    python3 app.py DATABASE TOLD keep|reopen [SECONDS VOLUME]

The sum over `account` never changes, and `transfer` has no gap; each commit has an id that nothing else has. What it has
to say goes to the file TOLD: the id of each commit once that has returned, what is wrong, and at the end how often it
did what. It opens the database once, or anew for every transaction. Ends after SECONDS or when its standard input does.
With VOLUME, the path has to lead there for all that time.
"""

import os
import random
import select
import sqlite3
import sys
import time

# What an app has to expect while its database is moved or overwritten: it connects anew, and tries again.
EXPECTED = ("database is locked", "unable to open database file", "attempt to write a readonly database")

database, told, habit, *rest = sys.argv[1:]
told = os.open(told, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
seconds, volume = (float(rest[0]), rest[1]) if rest else (float("inf"), None)
counts = {"read": 0, "written": 0, "busy": 0}


def tell(word):
    os.write(told, f"{word}\n".encode())


def check(connection):
    (total, accounts, transfers, last) = connection.execute(
        """select (select sum(balance) from account), (select count(*) from account),
        (select count(*) from transfer), (select coalesce(max(number), 0) from transfer)"""
    ).fetchone()
    if total != 1000 * accounts or transfers != last:
        raise SystemExit(f"no state that was committed: {total}, {accounts}, {transfers}, {last}")
    return accounts, last


def read(connection):
    connection.execute("begin")
    check(connection)
    connection.execute("commit")
    counts["read"] += 1


def write(connection):
    connection.execute("begin immediate")
    accounts, last = check(connection)
    giver, taker = random.sample(range(1, accounts + 1), 2)
    amount = random.randint(1, 100)
    own = f"{os.getpid()}-{time.monotonic_ns()}"
    connection.execute("update account set balance = balance - ? where id = ?", (amount, giver))
    connection.execute("update account set balance = balance + ? where id = ?", (amount, taker))
    connection.execute("insert into transfer values (?, ?)", (last + 1, own))
    connection.execute("commit")
    counts["written"] += 1
    tell(f"id {own}")


def pause():
    rests = volume is None and random.random() < 0.02
    return 1 + 2 * random.random() if rests else random.random() / 50


connection = None
end = time.monotonic() + seconds
try:
    while time.monotonic() < end and not select.select([] if rest else [sys.stdin], [], [], pause())[0]:
        if volume is not None and not os.path.realpath(database).startswith(volume):
            raise SystemExit(f"not in RAM any more, but {os.path.realpath(database)}")
        try:
            if connection is None:
                connection = sqlite3.connect(database, isolation_level=None, timeout=5)
            random.choice((read, write))(connection)
        except sqlite3.OperationalError as error:
            if not any(expected in str(error) for expected in EXPECTED):
                raise
            counts["busy"] += 1
            connection and connection.close()
            connection = None
        else:
            if habit == "reopen":
                connection.close()
                connection = None
except (SystemExit, Exception) as error:
    tell(f"wrong: {error!r}")
    raise
tell("done " + " ".join(f"{name} {count}" for name, count in counts.items()))
