import { fork } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { copyElsewhere } from './copy-elsewhere.ts'

const DRIVER = join(import.meta.dirname, 'copy-elsewhere.driver.ts')
const isLinux = process.platform === 'linux'

afterEach(() => {
  vi.unstubAllEnvs()
})

/** A folder with a large file `from`, an empty one `to`, and a folder of programs. */
function createFiles(): { folder: string; from: string; to: string } {
  const folder = mkdtempSync(join(tmpdir(), 'devshm-copy-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const [from, to] = [join(folder, 'from'), join(folder, 'to')]
  writeFileSync(from, Buffer.alloc(5_000_000, 'content '))
  writeFileSync(to, '')
  return { folder, from, to }
}

test.skipIf(!isLinux)('a copy has the same bytes', async () => {
  const { from, to } = createFiles()
  expect(await copyElsewhere(from, to)).toBe(true)
  expect(readFileSync(to).equals(readFileSync(from))).toBe(true)
})

test.skipIf(!isLinux)('a copy is made without `setpriv` too, and where that cannot do it', async () => {
  for (const setpriv of ['absent', '#!/bin/sh\necho "unrecognized option" >&2; exit 1\n']) {
    const { folder, from, to } = createFiles()
    symlinkSync(existsSync('/bin/cat') ? '/bin/cat' : '/usr/bin/cat', join(folder, 'cat'))
    if (setpriv !== 'absent') writeFileSync(join(folder, 'setpriv'), setpriv, { mode: 0o755 })
    vi.stubEnv('PATH', folder)
    expect(await copyElsewhere(from, to)).toBe(true)
    expect(readFileSync(to).equals(readFileSync(from))).toBe(true)
  }
})

test('programs that cannot even be started are no failure: there is another way', async () => {
  const { folder, from, to } = createFiles()
  for (const program of ['setpriv', 'cat', 'cp']) symlinkSync(program, join(folder, program))
  vi.stubEnv('PATH', folder)
  expect(await copyElsewhere(from, to)).toBe(false)
  expect(statSync(to).size).toBe(0)
})

test.skipIf(!isLinux)('a process that is killed while it copies leaves none that has the database open', async () => {
  const { folder, from, to } = createFiles()
  const copying = join(folder, 'copying')
  // One that never ends, so that it certainly is at work when its parent is killed.
  writeFileSync(
    join(folder, 'cat'),
    `#!/bin/sh\necho $$ > ${copying}.new; mv ${copying}.new ${copying}; exec sleep 60\n`,
  )
  chmodSync(join(folder, 'cat'), 0o755)
  const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` }
  const parent = fork(DRIVER, [from, to], { env, execArgv: [] })
  onTestFinished(() => void parent.kill('SIGKILL'))
  await vi.waitUntil(() => existsSync(copying), { timeout: 30_000 })
  const pid = Number(readFileSync(copying, 'utf8'))
  onTestFinished(() => {
    if (isRunning(pid)) process.kill(pid, 'SIGKILL')
  })
  const ended = once(parent, 'exit')
  parent.kill('SIGKILL')
  await ended
  await vi.waitUntil(() => !isRunning(pid), { timeout: 30_000 })
})

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
}
