"""Have a database open, idle, until standard input closes: PATH"""
import sqlite3
import sys

connection = sqlite3.connect(sys.argv[1])
connection.execute("select count(*) from sqlite_master").fetchone()
print("ready", flush=True)
sys.stdin.read()
