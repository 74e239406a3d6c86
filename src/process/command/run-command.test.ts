import { execFileSync } from 'node:child_process'
import { mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openTerminal } from '../../../test/support/pty.ts'
import { runCommand } from './run-command.ts'
import { driverPath, startDriver } from './signals.fixture.ts'

const passNothingOn = { passOnTo: () => {} }
const here = { cwd: tmpdir(), env: process.env, signals: passNothingOn }

test('the exit status is passed through', async () => {
  expect(await runCommand(['true'], here)).toEqual({ status: 0, signal: null })
  expect(await runCommand(['sh', '-c', 'exit 42'], here)).toEqual({ status: 42, signal: null })
})

test('the end by a signal is 128 and its number', async () => {
  expect(await runCommand(['sh', '-c', 'kill -KILL $$'], here)).toEqual({ status: 137, signal: 'SIGKILL' })
  expect(await runCommand(['sh', '-c', 'kill -TERM $$'], here)).toEqual({ status: 143, signal: 'SIGTERM' })
})

test('arguments are passed as they are, no shell sees them', async () => {
  await using driver = startDriver(['printf', '%s|', '$HOME', 'a b', '', '*', '"'])
  await driver.exit
  expect(driver.output).toBe('$HOME|a b||*|"|')
})

test('the command has the working directory and the environment it was given, and the name that was typed', async () => {
  using place = mkdtempDisposableSync(join(tmpdir(), 'devshm-run-'))
  const script = 'test "$MARK" = yes && test "$(pwd -P)" = "$(cd "$PLACE" && pwd -P)" && test "$0" = sh'
  const env = { PATH: process.env['PATH'], MARK: 'yes', PLACE: place.path }
  expect(await runCommand(['sh', '-c', script], { ...here, env, cwd: place.path })).toMatchObject({ status: 0 })
})

test('what cannot be started is a clear error', async () => {
  using place = mkdtempDisposableSync(join(tmpdir(), 'devshm-run-'))
  writeFileSync(join(place.path, 'program'), '\x7fELF\0\0 damaged', { mode: 0o755 })
  await expect(runCommand(['no-such-program'], here)).rejects.toMatchObject({ code: 'COMMAND_NOT_FOUND' })
  await expect(runCommand([place.path], here)).rejects.toMatchObject({ code: 'COMMAND_NOT_EXECUTABLE' })
  await expect(runCommand([join(place.path, 'program')], here)).rejects.toMatchObject({
    code: 'COMMAND_NOT_EXECUTABLE',
  })
})

test('what the system refuses only at the start is a clear error too', async () => {
  const tooLong = 'x'.repeat(4 * 1024 * 1024)
  await expect(runCommand(['true', tooLong], here)).rejects.toMatchObject({
    code: 'COMMAND_NOT_EXECUTABLE',
    message: expect.stringContaining('too long') as string,
  })
  const gone = { ...here, cwd: join(tmpdir(), 'devshm-no-such-folder') }
  await expect(runCommand(['true'], gone)).rejects.toMatchObject({ code: 'COMMAND_NOT_EXECUTABLE' })
})

test.for([
  ['no-such-program', 127],
  ['/', 126],
] as const)('%s ends with the status a shell gives', async ([program, status]) => {
  await using driver = startDriver([program])
  expect(await driver.exit).toBe(status)
})

test('standard input is passed through a pipe', async () => {
  await using driver = startDriver(['tr', 'a-z', 'A-Z'])
  driver.stdin.end('from a pipe\n')
  expect(await driver.exit).toBe(0)
  expect(driver.output).toBe('FROM A PIPE\n')
})

test('pipes shared with the command stay in blocking mode', () => {
  const script = 'import os; print([os.get_blocking(fd) for fd in (0, 1, 2)])'
  const line = `true | ${process.execPath} ${driverPath} python3 -c '${script}' 2>&1 | cat`
  expect(execFileSync('sh', ['-c', line], { encoding: 'utf8' })).toContain('[True, True, True]')
})

test('on a terminal a prompt works, and so does a debugger', async () => {
  const script = 'name = input("name? ")\nbreakpoint()\nprint("hello", name)'
  await using terminal = openTerminal([process.execPath, driverPath, 'python3', '-c', script])
  await terminal.waitFor(/name\? $/)
  terminal.write('Ada\r')
  await terminal.waitFor(/\(Pdb\) $/)
  terminal.write('p name[::-1]\r')
  await terminal.waitFor(/'adA'/)
  terminal.write('c\r')
  await terminal.waitFor(/hello Ada/)
  expect(await terminal.exit).toBe(0)
})
