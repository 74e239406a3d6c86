"""Insert rows on one connection, each in a transaction of its own: PATH COUNT [SYNCHRONOUS]"""
import json
import sqlite3
import sys
import time

path, count = sys.argv[1], int(sys.argv[2])
synchronous = sys.argv[3] if len(sys.argv) > 3 else None
connection = sqlite3.connect(path, isolation_level=None)
if synchronous:
    connection.execute(f"pragma synchronous = {synchronous}")
connection.execute("create table if not exists visit (id integer primary key, page text)")
started = time.perf_counter()
for number in range(count):
    connection.execute("insert into visit (page) values (?)", (f"/page/{number}",))
seconds = time.perf_counter() - started
connection.close()
print(json.dumps({"microseconds": seconds / count * 1e6}))
