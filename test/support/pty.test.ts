import { expect, test } from 'vitest'
import { openShell, openTerminal } from './pty.ts'

test('a program on the terminal sees a terminal, reads what is typed, and its status is told', async () => {
  const script = 'test -t 0 && test -t 1 && read -r line && echo "got $line" && exit 7'
  await using terminal = openTerminal(['sh', '-c', script])
  terminal.write('hello\r')
  await terminal.waitFor(/got hello/)
  expect(await terminal.exit).toBe(7)
})

test('Ctrl-C is a SIGINT', async () => {
  await using terminal = openTerminal(['sh', '-c', 'echo ready; exec cat'])
  await terminal.waitFor(/ready/)
  terminal.write('\x03')
  expect(await terminal.exit).toBe(130)
})

test('closing the terminal is a SIGHUP', async () => {
  await using terminal = openTerminal(['sh', '-c', 'echo ready; exec cat'])
  await terminal.waitFor(/ready/)
  terminal.close()
  expect(await terminal.exit).toBe(129)
})

test('a shell on the terminal has job control', async () => {
  await using shell = await openShell()
  shell.write('sh -c "echo started; exec cat"\r')
  await shell.waitFor(/^started/m)
  shell.write('\x1a')
  await shell.waitFor(/Stopped.*shell> /s)
  shell.write('fg\r')
  // Bash names the job once it has left line editing; what is typed before that may be taken for a command.
  await shell.waitFor(/fg\r?\n.*echo started/)
  shell.write('back\r')
  await shell.waitFor(/back\r\nback/)
})

test('waiting for what never comes fails with what was shown', async () => {
  await using terminal = openTerminal(['sh', '-c', 'echo something else'])
  await expect(terminal.waitFor(/never/)).rejects.toThrow(/something else/)
})
