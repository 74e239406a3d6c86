import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openShell, openTerminal } from '../../../test/support/pty.ts'
import type { Terminal } from '../../../test/support/pty.ts'
import { driverPath, startDriver, startGroup } from './signals.fixture.ts'

const countingSignals = join(import.meta.dirname, 'counting-signals.py')
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

/**
 * Each test ends with a signal of another name to devshm alone, which is judged after all before it: what the
 * command has counted by then is final, without waiting.
 */
const lastAfter = (signal: NodeJS.Signals): NodeJS.Signals => (signal === 'SIGTERM' ? 'SIGHUP' : 'SIGTERM')

test.for(signals)('%s sent to devshm alone reaches the command once', async (signal) => {
  const last = lastAfter(signal)
  await using driver = startDriver(['python3', countingSignals, last])
  await driver.waitForOutput(/ready\n/)
  process.kill(driver.pid, signal)
  await driver.waitForOutput(`ready\n${signal}\n`)
  process.kill(driver.pid, last)
  expect(await driver.exit).toBe(0)
  expect(driver.output).toBe(`ready\n${signal}\n${last}\n`)
  expect(driver.facts).toEqual([{ status: 0, signal: null, received: [signal, last] }])
})

test.for(signals)('%s sent to the whole group reaches the command once', async (signal) => {
  const last = lastAfter(signal)
  await using driver = startDriver(['python3', countingSignals, last])
  await driver.waitForOutput(/ready\n/)
  await driver.sentinelStands()
  process.kill(-driver.pid, signal)
  await driver.waitForOutput(`ready\n${signal}\n`)
  process.kill(driver.pid, last)
  expect(await driver.exit).toBe(0)
  expect(driver.output).toBe(`ready\n${signal}\n${last}\n`)
})

test('signals to the group and to devshm alone are told apart again and again', async () => {
  await using driver = startDriver(['python3', countingSignals, 'SIGTERM'])
  await driver.waitForOutput(/ready\n/)
  let expected = 'ready\n'
  for (const target of [-driver.pid, driver.pid, -driver.pid, -driver.pid, driver.pid, driver.pid]) {
    await driver.sentinelStands()
    process.kill(target, 'SIGINT')
    expected += 'SIGINT\n'
    await driver.waitForOutput(expected)
  }
  process.kill(driver.pid, 'SIGTERM')
  await driver.exit
  expect(driver.output).toBe(`${expected}SIGTERM\n`)
})

test('a group that is stopped gets the signal once when it goes on', async () => {
  await using driver = startDriver(['python3', countingSignals, 'SIGTERM'])
  await driver.waitForOutput(/ready\n/)
  await driver.sentinelStands()
  process.kill(-driver.pid, 'SIGSTOP')
  process.kill(-driver.pid, 'SIGINT')
  process.kill(-driver.pid, 'SIGCONT')
  await driver.waitForOutput('ready\nSIGINT\n')
  process.kill(driver.pid, 'SIGTERM')
  await driver.exit
  expect(driver.output).toBe('ready\nSIGINT\nSIGTERM\n')
})

test('a command in a group of its own gets what the group of devshm gets', async () => {
  const ownGroup = 'import os, sys; os.setpgid(0, 0); os.execvp("python3", ["python3", *sys.argv[1:]])'
  await using driver = startDriver(['python3', '-c', ownGroup, countingSignals, 'SIGTERM'])
  await driver.waitForOutput(/ready\n/)
  process.kill(-driver.pid, 'SIGINT')
  await driver.waitForOutput('ready\nSIGINT\n')
  process.kill(driver.pid, 'SIGTERM')
  expect(await driver.exit).toBe(0)
  expect(driver.output).toBe('ready\nSIGINT\nSIGTERM\n')
})

test.runIf(process.platform === 'linux')(
  'GNU timeout signals devshm and then the group: the command gets one',
  async () => {
    // Long enough for the command to be ready on a busy machine.
    const run = ['--signal=INT', '5', process.execPath, driverPath, 'python3', countingSignals, 'SIGTERM']
    await using driver = startGroup('timeout', run)
    await driver.waitForOutput(/ready\n/)
    await driver.waitForOutput('ready\nSIGINT\n')
    const devshm = Number(execFileSync('ps', ['-o', 'pid=', '--ppid', String(driver.pid)], { encoding: 'utf8' }))
    process.kill(devshm, 'SIGTERM')
    expect(await driver.exit).toBe(124)
    expect(driver.output).toBe('ready\nSIGINT\nSIGTERM\n')
  },
)

test('Ctrl-C in a terminal reaches the command once, and a second one once more', async () => {
  await using terminal = openTerminal([process.execPath, driverPath, 'python3', countingSignals, 'SIGQUIT'])
  await terminal.waitFor(/ready\r\n/)
  terminal.write('\x03')
  await terminal.waitFor(/SIGINT\r\n/)
  terminal.write('\x03')
  await terminal.waitFor(/SIGINT\r\n/)
  terminal.write('\x1c')
  expect(await terminal.exit).toBe(0)
  expect(terminal.output.match(/SIG\w+(?=\r\n)/g)).toEqual(['SIGINT', 'SIGINT', 'SIGQUIT'])
})

test('Ctrl-Z stops devshm and the command, fg continues both, and a Ctrl-C then reaches it once', async () => {
  await using shell = await openShell()
  shell.write(`${process.execPath} ${driverPath} python3 ${countingSignals} SIGTERM SIGCONT\r`)
  await shell.waitFor(/ready\r\n/)
  shell.write('\x1a')
  await shell.waitFor(/Stopped.*shell> /s)
  const [devshm, command] = await statesOfJob(shell)
  expect([devshm, command]).toEqual(['T', 'T'])
  shell.write('fg\r')
  // The shell names the job first, which ends with SIGCONT too, and gives it the terminal only then.
  await shell.waitFor(/\nSIGCONT\r\n/)
  shell.write('\x03')
  await shell.waitFor(/SIGINT\r\n/)
  shell.write('\x1a')
  await shell.waitFor(/Stopped.*shell> /s)
  shell.write('bg\r')
  // The shell goes on as well: its prompt may come before that line, or before its end.
  await shell.waitFor(/&\r\n(?:shell> )?SIGCONT/)
  shell.write('kill %1; wait\r')
  expect((await shell.waitFor(/(SIG\w+\r\n)+/))[0]).toBe('SIGTERM\r\n')
})

test('closing the terminal reaches the command once', async () => {
  await using place = await mkdtempDisposable(join(tmpdir(), 'devshm-signals-'))
  const log = join(place.path, 'log')
  const script = `python3 ${countingSignals} SIGTERM >${log}`
  await using terminal = openTerminal([process.execPath, driverPath, 'sh', '-c', `echo $PPID=; exec ${script}`])
  const [, devshm] = await terminal.waitFor(/(\d+)=/)
  await expect.poll(() => readFileSync(log, 'utf8')).toBe('ready\n')
  terminal.close()
  await expect.poll(() => readFileSync(log, 'utf8')).toBe('ready\nSIGHUP\n')
  process.kill(Number(devshm), 'SIGTERM')
  await terminal.exit
  expect(readFileSync(log, 'utf8')).toBe('ready\nSIGHUP\nSIGTERM\n')
})

test('the sentinel ends when the command has ended, and when devshm is killed', async () => {
  await using driver = startDriver(['cat'], { env: { HOLD_AFTER: '1' } })
  const sentinels = [await driver.sentinelStands()]
  driver.stdin.end()
  await driver.waitForFact({ status: 0, signal: null, received: [] })
  await using killed = startDriver(['sleep', '60'])
  sentinels.push(await killed.sentinelStands())
  process.kill(killed.pid, 'SIGKILL')
  for (const pid of sentinels) await expect.poll(() => isRunning(pid)).toBe(false)
})

test('after the command, an echo of the signal that ended it is no decision; a later signal is told', async () => {
  await using driver = startDriver(['sleep', '60'], { env: { HOLD_AFTER: '1' } })
  await driver.sentinelStands()
  process.kill(-driver.pid, 'SIGINT')
  await driver.waitForFact(expect.objectContaining({ status: 130, signal: 'SIGINT' }) as object)
  process.kill(driver.pid, 'SIGINT')
  // Longer than the 200 ms in which it is no decision, also where the driver is late.
  await delay(1_000)
  process.kill(driver.pid, 'SIGTERM')
  await driver.exit
  expect(driver.facts.at(-1)).toEqual({ further: 'SIGTERM' })
})

/** Not merely waiting to be collected, as an orphan may for long where the first process is a simple one. */
function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return /^[^Z]/.test(stdout)
}

/** The state letters (see ps(1)) of the shell's one job and of the command it runs. */
async function statesOfJob(shell: Terminal): Promise<string[]> {
  shell.write('job=$(jobs -p); echo S-$(ps -o stat= -p $job)-$(ps -o stat=,args= --ppid $job | grep counting)-\r')
  const [, ...states] = await shell.waitFor(/S-(\w)[^-]*-(\w)/)
  return states
}
