"""Write as fast as a lively app until standard input closes, and keep an invariant: PATH ACKNOWLEDGED

Each transaction sets 40 rows, each of which fills a page of its own, and a counter to the number of the transaction.
After each commit its number is in the file ACKNOWLEDGED, eight bytes, little-endian.
"""
import os
import sqlite3
import struct
import sys
import threading
import time

connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
acknowledged = os.open(sys.argv[2], os.O_RDWR | os.O_CREAT)
over = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()

number = 0
while not over.is_set():
    number += 1
    connection.execute("begin immediate")
    connection.execute("update leaf set number = ? where id % 5 = 0", (number,))
    connection.execute("update counter set number = ?", (number,))
    connection.execute("commit")
    os.pwrite(acknowledged, struct.pack("<q", number), 0)
    if number == 1:
        print("ready", flush=True)
    time.sleep(0.001)
print(number)
