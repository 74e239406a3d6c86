"""Give a database the journal mode WAL: PATH"""
import sqlite3
import sys

connection = sqlite3.connect(sys.argv[1])
connection.execute("pragma journal_mode = wal")
connection.close()
