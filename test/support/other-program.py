"""One SQLite connection of another program, driven by lines of JSON; every line is answered by one."""

import json
import os
import sqlite3
import sys

PARENT = os.getppid()


def answer(request):
    global connection
    if "open" in request:
        connection = sqlite3.connect(request["open"], timeout=request["timeout"], isolation_level=None)
        return []
    if "script" in request:
        connection.executescript(request["script"])
        return []
    if "close" in request:
        connection.close()
        return []
    return connection.execute(request["sql"]).fetchall()


def repeat(script):
    told = False
    # Never longer than its test, however that ends.
    while os.getppid() == PARENT:
        try:
            connection.executescript(script)
        except sqlite3.OperationalError:
            if connection.in_transaction:
                connection.rollback()
            continue
        if not told:
            print(json.dumps({"rows": []}), flush=True)
            told = True


connection = None
for line in sys.stdin:
    request = json.loads(line)
    if "repeat" in request:
        repeat(request["repeat"])
    try:
        print(json.dumps({"rows": answer(request)}, default=repr), flush=True)
    except sqlite3.Error as error:
        print(json.dumps({"error": str(error)}), flush=True)
