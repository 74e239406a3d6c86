import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DEVSHM, eventually } from '../support/playground.ts'
import { createShellProject, noted, type ShellProject } from './support/shell-project.ts'

/** A step that says that it has begun and then waits for the file `go`. */
const WAITS = noted('begun', `while [ ! -e "$GO" ]; do sleep 0.05; done; sqlite3 "$APP_DB" "create table t (x)"`)

async function waitingProject(): Promise<ShellProject> {
  const project = await createShellProject()
  project.env['GO'] = join(project.cache, 'go')
  project.configure({ setup: [{ run: WAITS, inputs: [] }] })
  return project
}

function start(project: ShellProject): ReturnType<ShellProject['start']> {
  return project.start(...DEVSHM, 'reset')
}

function processesOf(project: ShellProject): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`GO=${project.env['GO']}`)
      } catch {
        return false
      }
    })
    .map(Number)
}

test('fifty resets of a cold project at once build it once', { timeout: 120_000 }, async () => {
  await using project = await createShellProject()
  const outcomes = await Promise.all(Array.from({ length: 50 }, () => project.devshm('reset')))
  expect(outcomes.filter(({ status }) => status !== 0)).toEqual([])
  expect(project.runs()).toEqual({ migrate: 1, load: 1 })
  expect(project.sql('select count(*) as n from item')).toEqual([{ n: 2 }])
})

test('when the builder is killed, whoever waits builds, and its step is gone with it', async () => {
  await using project = await waitingProject()
  const first = start(project)
  await eventually('the step has begun', () => project.runs()['begun'] === 1)
  const second = start(project)
  await second.waitFor(/waiting for another devshm that builds the same template/)
  first.process.kill('SIGKILL')
  await eventually('the second has begun', () => project.runs()['begun'] === 2)
  // Of the first, neither devshm nor its step is there: the second's four processes are.
  await eventually('the step of the first is gone', () => {
    return processesOf(project).filter((pid) => commandOf(pid).includes('while [')).length <= 2
  })
  project.write(join('..', 'unused'), '')
  await project.command('touch', project.env['GO'] ?? '')
  expect(await second.exit).toBe(0)
  expect(project.sql('select name from sqlite_schema')).toEqual([{ name: 't' }])
  expect(project.inRam()).toEqual([])
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 130],
] as const)('%s ends the step and the build, and nothing is left of it', async (signal, status) => {
  await using project = await waitingProject()
  project.sql(`create table mine (x)`)
  const building = start(project)
  await eventually('the step has begun', () => project.runs()['begun'] === 1)
  building.process.kill(signal)
  expect(await building.exit).toBe(status)
  expect(building.output).toContain('interrupted; no template was made')
  await eventually('no process is left', () => processesOf(project).length === 0)
  expect(project.inRam()).toEqual([])
  expect(project.sql('select name from sqlite_schema')).toEqual([{ name: 'mine' }])
  expect(readdirSync(join(project.cache, 'layers'))).toEqual([])
})

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}
