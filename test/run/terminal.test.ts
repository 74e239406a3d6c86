import { expect, test } from 'vitest'
import { DEVSHM, eventually, isLink } from '../support/playground.ts'
import { openShell } from '../support/pty.ts'
import { app, isOnDisk, leftInRam, projectForTest, runInTerminal, seen, untilTestEnds } from './support/run-places.ts'

test('a prompt and a debugger work in the terminal, and what they write is saved', async () => {
  const project = await projectForTest()
  const script = `
import sqlite3
name = input("name? ")
database = sqlite3.connect("db.sqlite3", isolation_level=None)
breakpoint()
database.execute("insert into seen values (?)", (name,))
`
  const terminal = runInTerminal(project, ['python3', '-c', script])
  await terminal.waitFor(/name\? $/)
  terminal.write('Ada\r')
  await terminal.waitFor(/\(Pdb\) $/)
  terminal.write('name = name[::-1]\r')
  await terminal.waitFor(/\(Pdb\) $/)
  terminal.write('c\r')
  await terminal.waitFor(/saved to db\.sqlite3/)
  expect(await terminal.exit).toBe(0)
  expect(seen(project)).toEqual(['adA'])
})

test('Ctrl-C reaches the command exactly once, and the save still happens and is told', async () => {
  const project = await projectForTest()
  const terminal = runInTerminal(project, ['sh', '-c', `echo pid $PPID; exec ${app('SIGTERM').join(' ')}`])
  const [, devshm] = await terminal.waitFor(/pid (\d+)\r\nready\r\n/)
  terminal.write('\x03')
  await terminal.waitFor(/SIGINT\r\n/)
  // To devshm alone: judged after the Ctrl-C, so that the count is final when the command ends of it.
  process.kill(Number(devshm), 'SIGTERM')
  await terminal.waitFor(/saved to db\.sqlite3/)
  expect(await terminal.exit).toBe(0)
  expect(seen(project)).toEqual(['ready', 'SIGINT', 'SIGTERM'])
  expect(isOnDisk(project)).toBe(true)
})

test('the command that Ctrl-C ends gives the status 130, saved', async () => {
  const project = await projectForTest()
  const script = `sqlite3 db.sqlite3 "insert into seen values ('it')"; echo written; exec sleep 60`
  const terminal = runInTerminal(project, ['sh', '-c', script])
  await terminal.waitFor(/^written/m)
  terminal.write('\x03')
  await terminal.waitFor(/saved to db\.sqlite3/)
  expect(await terminal.exit).toBe(130)
  expect(seen(project)).toEqual(['it'])
})

test('when the terminal window is closed, everything is saved and the origin is a file', async () => {
  const project = await projectForTest()
  const terminal = runInTerminal(project, app('SIGHUP'))
  await terminal.waitFor(/ready\r\n/)
  terminal.close()
  await terminal.exit
  expect(isOnDisk(project)).toBe(true)
  expect(seen(project)).toEqual(['ready', 'SIGHUP'])
  expect(leftInRam(project)).toEqual([])
})

test('Ctrl-Z suspends devshm and the command, others go on with the database, and fg continues both', async () => {
  const project = await projectForTest()
  const { folder, env } = project
  const shell = untilTestEnds(await openShell({ cwd: folder, env }))
  shell.write(`${[...DEVSHM, 'run', '--', ...app('SIGQUIT')].join(' ')}\r`)
  await shell.waitFor(/ready\r\n/)
  shell.write('\x1a')
  await shell.waitFor(/Stopped.*shell> /s)
  expect(isLink(project.origin)).toBe(true)
  project.sql("insert into seen values ('another program')")
  shell.write('fg\r')
  // The shell names the job before it hands over the terminal, and continues it after that.
  await shell.waitFor(/SIGCONT\r\n/)
  shell.write('\x03')
  await shell.waitFor(/SIGINT\r\n/)
  shell.write('\x1c')
  await shell.waitFor(/saved to db\.sqlite3.*shell> /s)
  shell.write('echo status $?\r')
  await shell.waitFor(/status 0\r\n/)
  await eventually('on disk', () => isOnDisk(project))
  expect(seen(project)).toEqual(['ready', 'another program', 'SIGCONT', 'SIGINT', 'SIGQUIT'])
})
