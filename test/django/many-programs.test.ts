import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { liveOf, runSql } from '../support/playground.ts'
import { sendCustomers } from './support/customers.ts'
import { filledShop, soundness } from './support/shop.ts'

const PYTHON = `
import sqlite3
connection = sqlite3.connect("db.sqlite3", isolation_level=None, timeout=20)
for number in range(1, 101):
    connection.execute("insert into note values ('python', ?)", (number,))
`
const SHELL = Array.from({ length: 100 }, (_, index) => `insert into note values ('shell', ${index + 1});`).join('\n')

test.for([
  ['keep', 'delete'],
  ['wal', 'wal'],
] as const)(
  'with --journal %s, runserver, the sqlite3 shell, a Node app and a Python one write through one link, and all of it is kept',
  async ([journal, modeInRam]) => {
    const shop = await filledShop()
    const before = soundness(shop.database)
    expect((await shop.devshm('attach', '--journal', journal)).status).toBe(0)
    const server = await shop.startServer()
    runSql(shop.database, 'create table note (who text, number integer)')
    expect(runSql(liveOf(shop.database), 'pragma journal_mode')).toEqual([{ journal_mode: modeInRam }])

    const customers = sendCustomers(server)
    await Promise.all([
      shop.run(['sqlite3', '-bail', '-cmd', '.timeout 20000', 'db.sqlite3', SHELL]),
      shop.run([process.execPath, join(import.meta.dirname, 'support/take-notes.script.ts'), shop.database]),
      shop.run(['python3', '-c', PYTHON]),
      customers.more(8),
    ])
    await customers.stop()
    expect([customers.wrong, customers.refused]).toEqual([[], []])
    const { code } = await server.stop()
    expect(code).toBe(0)
    const { status, stderr } = await shop.devshm('detach')
    expect(status, stderr).toBe(0)

    expect(lstatSync(shop.database).isFile()).toBe(true)
    expect(runSql(shop.database, 'pragma journal_mode')).toEqual([{ journal_mode: 'delete' }])
    expect(soundness(shop.database)).toEqual(before)
    expect(
      runSql(shop.database, 'select who, count(distinct number) as notes from note group by who order by who'),
    ).toEqual(['node', 'python', 'shell'].map((who) => ({ who, notes: 100 })))
    expect(customers.placed.filter((reference) => !shop.orders().has(reference))).toEqual([])
  },
)
