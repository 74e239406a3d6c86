import { expect, test } from 'vitest'
import { DatabaseClass, valueOf } from './connection.ts'

test('a statement that answers and then cannot be committed is an error', () => {
  using connection = new DatabaseClass(':memory:')
  connection.exec(`pragma foreign_keys = on; create table parent (id integer primary key);
    create table child (id references parent deferrable initially deferred)`)
  const insert = 'insert into child values (1) returning id'
  expect(() => valueOf(connection, insert)).toThrow(/FOREIGN KEY/)
  // As `get()` has it: that is why it is not used.
  expect(connection.prepare(insert).get()).toEqual({ id: 1 })
  expect(valueOf(connection, 'select count(*) from child')).toBe(0)
})
