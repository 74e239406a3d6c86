"""A writer that keeps an invariant: it moves money between accounts, and numbers every commit.

    python3 transfers.py DATABASE

The sum over `account` never changes, and `transfer` has no gap. Prints the number of each commit once it is done.
Ends when its standard input does.
"""

import random
import select
import sqlite3
import sys

ACCOUNTS = 200

connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
number = 0
while not select.select([sys.stdin], [], [], 0)[0]:
    number += 1
    giver, taker = random.sample(range(1, ACCOUNTS + 1), 2)
    amount = random.randint(1, 100)
    connection.execute("begin immediate")
    connection.execute("update account set balance = balance - ? where id = ?", (amount, giver))
    connection.execute("update account set balance = balance + ? where id = ?", (amount, taker))
    connection.execute("insert into transfer values (?, ?, ?, ?, randomblob(200))", (number, giver, taker, amount))
    connection.execute("commit")
    print(number, flush=True)
