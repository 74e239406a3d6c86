"""Make a database of so many rows of about a hundred bytes, with an index: PATH ROWS"""
import sqlite3
import sys

connection = sqlite3.connect(sys.argv[1])
connection.execute("pragma synchronous = off")
connection.execute("create table item (id integer primary key, name text, content blob)")
connection.execute(
    "with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)"
    " insert into item (name, content) select 'item ' || i, randomblob(80) from n",
    (int(sys.argv[2]),),
)
connection.execute("create index item_name on item (name)")
connection.commit()
connection.close()
