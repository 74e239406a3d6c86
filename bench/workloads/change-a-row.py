"""Change one row and end: PATH"""
import sqlite3
import sys

connection = sqlite3.connect(sys.argv[1])
connection.execute("update item set content = randomblob(1000) where id = 1")
connection.commit()
connection.close()
