import { spawnSync, type SpawnSyncReturns } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { expect, onTestFinished, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const { problemWith } = createRequire(import.meta.url)('../bin/requirements.cjs') as {
  problemWith: (version: string, platform: NodeJS.Platform) => { message: string; hint: string } | undefined
}

test.each(['8.17.0', '20.20.2', '24.9.0', '24.15.1'])('an old Node.js is named: %s', (version) => {
  expect(problemWith(version, 'linux')?.message).toBe(`devshm needs Node.js 24.16 or newer, this is v${version}`)
})

test.each(['24.16.0', '24.21.0', '25.0.0', '26.11.0', '100.0.0'])('a new one is accepted: %s', (version) => {
  expect(problemWith(version, 'linux')).toBeUndefined()
})

test('native Windows is refused with the remedy, whatever the version', () => {
  expect(problemWith('24.21.0', 'win32')?.message).toContain('Windows')
  expect(problemWith('24.21.0', 'win32')?.hint).toContain('WSL 2')
})

test('the entry point starts the bundle, and the source where there is none', () => {
  const folder = installation()
  mkdirSync(join(folder, 'src/cli'), { recursive: true })
  writeFileSync(join(folder, 'src/cli/main.ts'), "const from: string = 'source'\nconsole.log(from)\n")
  expect(start(folder, process.execPath).stdout).toBe('source\n')
  mkdirSync(join(folder, 'dist'))
  writeFileSync(join(folder, 'dist/cli.cjs'), "console.log('bundle')\n")
  expect(start(folder, process.execPath).stdout).toBe('bundle\n')
})

test.each([
  ['kept in the user’s own cache folder', 0o700, true],
  ['not kept where others can write', 0o777, false],
])('compiled code is %s', (_what, mode, isKept) => {
  const folder = installation()
  mkdirSync(join(folder, 'dist'))
  writeFileSync(join(folder, 'dist/cli.cjs'), "console.log('bundle')\n")
  const cache = join(folder, 'home/.cache/devshm')
  mkdirSync(cache, { recursive: true })
  chmodSync(cache, mode)
  const env = {
    ...process.env,
    NODE_COMPILE_CACHE: undefined,
    HOME: join(folder, 'home'),
    XDG_CACHE_HOME: '',
    DEVSHM_CACHE: '',
  }
  expect(start(folder, process.execPath, env).stdout).toBe('bundle\n')
  expect(existsSync(join(cache, 'compiled'))).toBe(isKept)
})

/** The machine's own Node.js, where it is an old one. */
const oldNode = ['/usr/bin/node', '/usr/local/bin/node'].find(
  (path) => existsSync(path) && problemWith(versionOf(path), 'linux') !== undefined,
)

test.skipIf(oldNode === undefined)('a real old Node.js says so, and exits with 1', () => {
  const { status, stdout, stderr } = start(installation(), oldNode ?? '')
  expect(stderr.split('\n')[0]).toBe(`devshm needs Node.js 24.16 or newer, this is v${versionOf(oldNode ?? '')}`)
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
})

/** A folder whose name would not survive being taken for a URL. */
function installation(): string {
  const folder = mkdtempSync(join(tmpdir(), 'devshm-bin-#%20-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  cpSync(join(root, 'bin'), join(folder, 'bin'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  return folder
}

function start(folder: string, node: string, env: NodeJS.ProcessEnv = process.env): SpawnSyncReturns<string> {
  return spawnSync(node, [join(folder, 'bin/devshm.cjs')], { encoding: 'utf8', env })
}

function versionOf(node: string): string {
  return spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim().slice(1)
}
