"""What a web framework does for each request: connect, select, insert one row, close: PATH COUNT [SYNCHRONOUS]"""
import json
import sqlite3
import sys
import time

path, count = sys.argv[1], int(sys.argv[2])
synchronous = sys.argv[3] if len(sys.argv) > 3 else None
connection = sqlite3.connect(path)
connection.execute("create table if not exists visit (id integer primary key, page text)")
connection.commit()
connection.close()

started = time.perf_counter()
for number in range(count):
    connection = sqlite3.connect(path)
    if synchronous:
        connection.execute(f"pragma synchronous = {synchronous}")
    connection.execute("select name from item where id = ?", (number % 100 + 1,)).fetchone()
    connection.execute("insert into visit (page) values (?)", (f"/page/{number}",))
    connection.commit()
    connection.close()
seconds = time.perf_counter() - started
print(json.dumps({"microseconds": seconds / count * 1e6}))
