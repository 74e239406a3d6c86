"""Commit a row every few milliseconds until standard input closes, and say what each commit took: PATH"""
import json
import sqlite3
import sys
import threading
import time

connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("create table if not exists visit (id integer primary key, page text)")
over = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()

print("ready", flush=True)
waits, failures = [], 0
while not over.is_set():
    started = time.perf_counter()
    try:
        connection.execute("insert into visit (page) values ('/')")
    except sqlite3.OperationalError:
        failures += 1
    waits.append((time.perf_counter() - started) * 1000)
    time.sleep(0.002)
waits.sort()
print(json.dumps({"median": waits[len(waits) // 2], "longest": waits[-1], "failures": failures}))
