"""The obvious way to save: SQLite's backup from one file straight into another: FROM TO"""
import sqlite3
import sys

source, target = sqlite3.connect(sys.argv[1]), sqlite3.connect(sys.argv[2])
source.backup(target)
target.close()
source.close()
