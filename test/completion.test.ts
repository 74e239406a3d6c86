import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createPlayground, DEVSHM, type Playground } from './support/playground.ts'
import { openTerminal, type Terminal } from './support/pty.ts'

/** What is typed before Tab, and what stands there then. */
const COMPLETED = [
  ['devshm sta', 'devshm status '],
  ['devshm restore @be', 'devshm restore @before-reset-1 '],
  ['devshm run --journal=w', 'devshm run --journal=wal '],
  ['devshm save --db db', 'devshm save --db db.sqlite3 '],
  ['devshm restore other', 'devshm restore other.copy '],
  ['devshm run -- sqlite3 oth', 'devshm run -- sqlite3 other.copy '],
  // Read from their folder in $PATH.
  ['devshm test -- only-for-te', 'devshm test -- only-for-tests '],
] as const

/** Zsh has one more thing to say to the terminal after it. */
const PROMPT = /shell> .{0,8}$/

const isInstalled = (shell: string): boolean => spawnSync(shell, ['-c', ':'], { stdio: 'ignore' }).status === 0

/** A project with snapshots, and `devshm` on the path. */
async function createCompletable(): Promise<Playground> {
  const project = await createPlayground()
  const bin = join(project.cache, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'devshm'), `#!/bin/sh\nexec '${DEVSHM.join("' '")}' "$@"\n`)
  writeFileSync(join(bin, 'only-for-tests'), '#!/bin/sh\n')
  for (const name of ['devshm', 'only-for-tests']) chmodSync(join(bin, name), 0o755)
  project.env['PATH'] = `${bin}:${project.env['PATH'] ?? ''}`
  project.env['HOME'] = project.cache
  project.sql('create table t (a)')
  await project.devshm('snapshot', 'mine')
  const kept = join(project.folder, '.devshm/db.sqlite3/snapshots')
  renameSync(join(kept, 'mine.sqlite3'), join(kept, '@before-reset-1.sqlite3'))
  writeFileSync(join(project.folder, 'other.copy'), '')
  return project
}

/** Type each line and Tab, see what stands there, and take it back. */
async function typeAll(terminal: Terminal): Promise<void> {
  for (const [typed, completed] of COMPLETED) {
    terminal.write(`${typed}\t`)
    await terminal.waitFor(new RegExp(completed.replaceAll('.', String.raw`\.`)))
    // Ctrl-U: an empty line again.
    terminal.write('\x15\r')
    await terminal.waitFor(PROMPT)
  }
}

test('bash', async () => {
  await using project = await createCompletable()
  const env = { ...project.env, HISTFILE: '/dev/null' }
  await using terminal = openTerminal(['bash', '--norc', '--noprofile', '-i'], { cwd: project.folder, env })
  await terminal.waitFor(/[#$] $/)
  terminal.write(`bind 'set enable-bracketed-paste off'; eval "$(devshm completion bash)"; PS1=shell'> '\r`)
  await terminal.waitFor(PROMPT)
  await typeAll(terminal)
})

test.skipIf(!isInstalled('zsh'))('zsh', async () => {
  await using project = await createCompletable()
  await using terminal = openTerminal(['zsh', '-f', '-i'], { cwd: project.folder, env: project.env })
  await terminal.waitFor(/[#%] /)
  terminal.write(`autoload -U compinit; compinit -u -D; eval "$(devshm completion zsh)"; PS1=shell'> '\r`)
  await terminal.waitFor(PROMPT)
  await typeAll(terminal)
})

test.skipIf(!isInstalled('fish'))('fish', async () => {
  await using project = await createCompletable()
  const ask = `devshm completion fish | source
    for typed in $argv
      complete -C $typed | string split -f 1 \\t | string join ' '
    end`
  const typed = COMPLETED.map(([line]) => line)
  const { stdout, stderr } = await project.command('fish', '--no-config', '-c', ask, ...typed)
  const words = COMPLETED.map(([, completed]) => completed.trimEnd().split(' ').at(-1))
  expect([stdout.trimEnd().split('\n'), stderr]).toEqual([words, ''])
  const described = await project.command(
    'fish',
    '--no-config',
    '-c',
    'devshm completion fish | source; complete -C "devshm rese"',
  )
  expect(described.stdout).toBe('reset\tmake the database what its set-up makes of nothing\n')
})

test('where there is nothing to offer, nothing is said and nothing is changed', async () => {
  await using project = await createPlayground()
  writeFileSync(join(project.folder, 'devshm.config.json'), '{ not json')
  expect(await project.devshm('__complete', '--', 'restore', '')).toEqual({ status: 0, stdout: '', stderr: '' })
  expect(await project.devshm('__complete')).toEqual({
    status: 0,
    stdout: expect.stringContaining('status\t'),
    stderr: '',
  })
  expect(project.inRam()).toEqual([])
  expect(await project.devshm('completion', 'tcsh')).toMatchObject({ status: 2, stdout: '' })
})
