import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createShellProject } from '../template/support/shell-project.ts'

const root = join(import.meta.dirname, '../..')

test('the example in docs/testing.md runs', async () => {
  await using project = await createShellProject()
  const [, example = ''] = /```ts\n([^`]*)```/.exec(readFileSync(join(root, 'docs/testing.md'), 'utf8')) ?? []
  const script = `${example.replace('devshm/testing', join(root, 'src/testing/index.ts'))}
    console.log(JSON.stringify([connection.isOpen, path.endsWith('/main.sqlite3'), command.startsWith('devshm diff ')]))`
  const outcome = await project.command(process.execPath, '--input-type=module', '-e', script)
  expect(outcome).toEqual({ status: 0, stdout: '[true,true,true]\n', stderr: '' })
  expect(project.inRam()).toEqual([])
})
