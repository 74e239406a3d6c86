import { copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createDjangoSetup } from '../template/support/django-setup.ts'
import { install, usePublished } from './support/installed.ts'

const ROOT = join(import.meta.dirname, '../..')

const published = usePublished()

test.skipIf(!existsSync('/usr/bin/chromium'))(
  'Chromium and a real runserver: the tests of the Django shop pass, and its own database is not there (needs chromium)',
  async () => {
    await using project = await createDjangoSetup()
    copyFileSync(join(ROOT, 'examples/django-shop/devshm.config.json'), join(project.folder, 'devshm.config.json'))
    install(join(project.folder, 'e2e'), published, '@playwright/test')
    const outcome = await project.command(
      process.execPath,
      'e2e/node_modules/@playwright/test/cli.js',
      'test',
      '--config=e2e',
    )
    expect(outcome, outcome.stdout).toMatchObject({ status: 0, stdout: expect.stringContaining('3 passed') as string })
    expect(existsSync(project.origin)).toBe(false)
    expect(project.inRam()).toEqual([])
  },
)

test('the types of the example hold with those of Playwright', async () => {
  await using project = await createDjangoSetup()
  install(join(project.folder, 'e2e'), published, '@playwright/test', '@types/node')
  const flags =
    '--ignoreConfig --noEmit --strict --skipLibCheck --module nodenext --allowImportingTsExtensions --typeRoots e2e/node_modules/@types --types node'
  const outcome = await project.command(
    process.execPath,
    join(ROOT, 'node_modules/typescript/bin/tsc'),
    ...flags.split(' '),
    'e2e/shop.spec.ts',
  )
  expect(outcome, outcome.stdout).toMatchObject({ status: 0 })
})
