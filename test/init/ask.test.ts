import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createPlayground, DEVSHM, type Playground } from '../support/playground.ts'
import { openTerminal, type Terminal } from '../support/pty.ts'

interface Asked extends AsyncDisposable {
  readonly playground: Playground
  readonly terminal: Terminal
  readonly config: string
}

/** `devshm init` on a terminal, in a project with something to write. */
async function ask(configuration?: string): Promise<Asked> {
  await using cleanUp = new AsyncDisposableStack()
  const playground = cleanUp.use(await createPlayground())
  const { folder: cwd, env } = playground
  const at = (name: string): string => join(cwd, name)
  await mkdir(at('migrations'))
  writeFileSync(at('package.json'), '{ "dependencies": { "knex": "*" } }')
  writeFileSync(at('knexfile.js'), "module.exports = { client: 'sqlite3', connection: { filename: 'dev.sqlite3' } }")
  const config = at('devshm.config.json')
  if (configuration !== undefined) writeFileSync(config, configuration)
  const terminal = cleanUp.use(openTerminal([...DEVSHM, 'init'], { cwd, env }))
  const resources = cleanUp.move()
  return { playground, terminal, config, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}

test.each(['\r', 'y\r', ' YES \r', 'what?\ry\r'])('%j writes the file that was shown', async (keys) => {
  await using asked = await ask()
  await asked.terminal.waitFor(/"setup": \[[\s\S]*Write devshm\.config\.json\? \[Y\/n\] $/)
  expect(existsSync(asked.config)).toBe(false)
  asked.terminal.write(keys)
  await asked.terminal.waitFor(/devshm\.config\.json is written/)
  expect(await asked.terminal.exit).toBe(0)
  const shown = asked.terminal.output.replaceAll('\r', '')
  expect(shown).toContain(readFileSync(asked.config, 'utf8').trimEnd())
})

test.each([
  { keys: 'n\r', status: 1 },
  { keys: '\x04', status: 1 },
  { keys: '\x03', status: 130 },
  { keys: 'y\x03', status: 130 },
])('$keys writes nothing and ends with $status', async ({ keys, status }) => {
  await using asked = await ask()
  await asked.terminal.waitFor(/\[Y\/n\] $/)
  asked.terminal.write(keys)
  await asked.terminal.waitFor(/nothing was written/)
  expect(await asked.terminal.exit).toBe(status)
  expect(existsSync(asked.config)).toBe(false)
})

test('to replace what the user wrote, Enter is no, and yes is yes', async () => {
  const mine = '{ "setup": [{ "run": "make database" }] }'
  for (const { keys, status } of [
    { keys: '\r', status: 1 },
    { keys: 'y\r', status: 0 },
  ]) {
    await using asked = await ask(mine)
    await asked.terminal.waitFor(/\n- .*make database[\s\S]*Change devshm\.config\.json so\? \[y\/N\] $/)
    asked.terminal.write(keys)
    expect(await asked.terminal.exit).toBe(status)
    const text = readFileSync(asked.config, 'utf8')
    if (status === 1) expect(text).toBe(mine)
    else expect(text).toContain('knex migrate:latest')
  }
})

test('what was edited while it asked is not overwritten', async () => {
  await using asked = await ask()
  await asked.terminal.waitFor(/\[Y\/n\] $/)
  writeFileSync(asked.config, '{ "saveEvery": 5 }')
  asked.terminal.write('y\r')
  await asked.terminal.waitFor(/changed by somebody else meanwhile; nothing was written/)
  expect(await asked.terminal.exit).toBe(1)
  expect(readFileSync(asked.config, 'utf8')).toBe('{ "saveEvery": 5 }')
})
