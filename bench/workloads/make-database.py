"""Make a database of about a given size: PATH MEGABYTES"""
import sqlite3
import sys

path, megabytes = sys.argv[1], float(sys.argv[2])
connection = sqlite3.connect(path)
connection.execute("pragma synchronous = off")
connection.execute("create table item (id integer primary key, name text, content blob)")
connection.execute(
    "with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)"
    " insert into item (name, content) select 'item ' || i, randomblob(1000) from n",
    (int(megabytes * 950),),
)
connection.commit()
connection.close()
