import { join } from 'node:path'
import { expect } from 'vitest'
import { parseConfiguration } from '../../../src/project/parse-configuration.ts'
import type { Configuration } from '../../../src/project/configuration.ts'
import { isLink } from '../../support/playground.ts'
import { openTerminal } from '../../support/pty.ts'
import type { Generated } from './generated.ts'
import type { Page } from './page.ts'

const A_SERVER = /\b(runserver|npm start|rails server|flask (--app \S+ )?run)\b/
const SERVES = /listening on|Starting development server|Running on|WEBrick::HTTPServer#start|Use Ctrl-C to stop/

/** Execute a page's commands one after the other, as a reader would. */
export async function followPage(project: Generated, page: Page, options: { isPreset: boolean }): Promise<void> {
  for (const command of page.commands) {
    if (/^devshm init\b/.test(command)) await initialise(project, command, page, options)
    else if (A_SERVER.test(command)) await serve(project, command)
    else await project.must(command)
  }
  // The user's own folder stays, for the next time.
  expect(project.inRam().filter((name) => !/^devshm-\d+$/.test(name))).toEqual([])
}

/** What `devshm init` writes is what the page shows, and means what devshm did before, if it did anything. */
export async function initialise(
  project: Generated,
  command: string,
  page: Page,
  { isPreset }: { isPreset: boolean } = { isPreset: false },
): Promise<void> {
  const before = isPreset ? await cachedLayers(project) : []
  await project.must(command)
  const written = configurationOf(project.read('devshm.config.json'))
  expect(written).toEqual(configurationOf(page.configuration))
  if (isPreset) expect(await cachedLayers(project)).toEqual(before)
}

/** Until it serves, and then Ctrl-C. */
async function serve(project: Generated, command: string): Promise<void> {
  const { folder, env } = project
  const anyPort = command.replace(/manage\.py runserver$/, '$& 127.0.0.1:0')
  await using terminal = openTerminal(['sh', '-c', anyPort], { cwd: folder, env })
  await terminal.waitFor(SERVES)
  const linked = databasesOf(project).filter((path) => isLink(path))
  if (command.includes('--no-link')) expect([linked, await statesOf(project)]).toEqual([[], ['in-ram']])
  else expect(linked).not.toEqual([])
  terminal.write('\x03')
  expect([0, 130], terminal.output).toContain(await terminal.exit)
  expect(databasesOf(project).filter((path) => isLink(path))).toEqual([])
}

async function statesOf(project: Generated): Promise<string[]> {
  const { stdout } = await project.must('devshm status --json')
  const status = JSON.parse(stdout) as { databases: { state: string }[] }
  return status.databases.map(({ state }) => state)
}

function databasesOf({ folder }: Generated): string[] {
  return ['.', 'db', 'instance'].flatMap((sub) =>
    ['db', 'dev', 'development', 'shop'].flatMap((name) =>
      ['.sqlite3', '.db'].map((ending) => join(folder, sub, name + ending)),
    ),
  )
}

/** The fingerprints of the template's layers: all of them are there. */
async function cachedLayers(project: Generated): Promise<string[]> {
  const { stdout } = await project.must('devshm template explain --json')
  const { steps } = JSON.parse(stdout) as { steps: { fingerprint: string; isCached: boolean }[] }
  expect(steps.every(({ isCached }) => isCached)).toBe(true)
  return steps.map(({ fingerprint }) => fingerprint)
}

function configurationOf(text: string): Configuration {
  return parseConfiguration(text, { path: 'devshm.config.json', under: [] })
}
