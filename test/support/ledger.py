"""Only for tests: a writer that keeps an invariant, and says which of its commits have returned.

    python3 ledger.py DATABASE TOLD keep|reopen

The sum over `account` never changes, and `transfer` has no gap. What it has to say goes to the file TOLD, a line each,
so that nothing of it is lost by a `kill -9`: its pid, the number of each commit once that has returned, and what is
wrong, in words. It opens the database once, or anew for every commit. Ends when its standard input does.
"""

import os
import random
import select
import sqlite3
import sys
import time

ACCOUNTS = 50
# What an app has to expect while its database is moved: it connects anew, and tries again.
EXPECTED = ("database is locked", "unable to open database file", "attempt to write a readonly database")

database, told, habit = sys.argv[1:]
told = os.open(told, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def tell(word):
    os.write(told, f"{word}\n".encode())


def transfer(connection, acknowledged):
    connection.execute("begin immediate")
    (number,) = connection.execute("select coalesce(max(number), 0) from transfer").fetchone()
    if number < acknowledged:
        raise SystemExit(f"lost: {acknowledged} was committed, {number} is the last there is")
    giver, taker = random.sample(range(1, ACCOUNTS + 1), 2)
    amount = random.randint(1, 100)
    connection.execute("update account set balance = balance - ? where id = ?", (amount, giver))
    connection.execute("update account set balance = balance + ? where id = ?", (amount, taker))
    connection.execute("insert into transfer values (?, ?, ?, ?)", (number + 1, giver, taker, amount))
    connection.execute("commit")
    return number + 1


acknowledged = 0
connection = None
tell(f"pid {os.getpid()}")
while not select.select([sys.stdin], [], [], random.random() / 200)[0]:
    try:
        if connection is None:
            connection = sqlite3.connect(database, isolation_level=None, timeout=5)
        acknowledged = transfer(connection, acknowledged)
        tell(acknowledged)
    except SystemExit as error:
        tell(error)
        raise
    except sqlite3.Error as error:
        if not any(expected in str(error) for expected in EXPECTED):
            tell(f"failed: {error}")
            raise
        connection and connection.close()
        connection = None
        time.sleep(0.01)
    else:
        if habit == "reopen":
            connection.close()
            connection = None
