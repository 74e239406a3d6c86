import { chmodSync, mkdirSync, mkdtempDisposableSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { DevshmError } from '../../errors.ts'
import { resolveCommand } from './resolve-command.ts'

function folder(): Disposable & { readonly path: string; put(name: string, content: string, mode?: number): string } {
  const { path, remove } = mkdtempDisposableSync(join(tmpdir(), 'devshm-command-'))
  return {
    path,
    put(name, content, mode = 0o755) {
      const file = join(path, name)
      mkdirSync(join(file, '..'), { recursive: true })
      writeFileSync(file, content)
      chmodSync(file, mode)
      return file
    },
    [Symbol.dispose]: remove,
  }
}

function refusalOf(argv0: string, env: NodeJS.ProcessEnv, cwd: string): Pick<DevshmError, 'code' | 'message' | 'hint'> {
  try {
    return { code: 'USAGE', message: `was found: ${resolveCommand(argv0, env, cwd)}`, hint: undefined }
  } catch (error) {
    return error as DevshmError
  }
}

test('a name is searched along PATH, the first match wins', () => {
  using place = folder()
  place.put('a/other', '#!/bin/sh\n')
  const second = place.put('b/tool', '#!/bin/sh\n')
  place.put('c/tool', '#!/bin/sh\n')
  const env = { PATH: ['a', 'b', 'c'].map((name) => join(place.path, name)).join(':') }
  expect(resolveCommand('tool', env, place.path)).toBe(second)
})

test('a name with a slash is taken as it is, relative to the working directory, and not searched', () => {
  using place = folder()
  place.put('bin/tool', '#!/bin/sh\n')
  expect(resolveCommand('bin/tool', { PATH: '' }, place.path)).toBe('bin/tool')
  expect(refusalOf('./tool', { PATH: join(place.path, 'bin') }, place.path).code).toBe('COMMAND_NOT_FOUND')
})

test('an empty or relative entry of PATH is looked up in the working directory', () => {
  using place = folder()
  place.put('tool', '#!/bin/sh\n')
  place.put('bin/other', '#!/bin/sh\n')
  expect(resolveCommand('tool', { PATH: '/nowhere:' }, place.path)).toBe('./tool')
  expect(resolveCommand('tool', { PATH: '.' }, place.path)).toBe('./tool')
  expect(resolveCommand('other', { PATH: 'bin' }, place.path)).toBe('bin/other')
})

test('without PATH the system folders are searched', () => {
  expect(resolveCommand('sh', {}, '/')).toMatch(/^(\/usr)?\/bin\/sh$/)
})

test('what may not be executed is passed over, and reported only if nothing else matched', () => {
  using place = folder()
  const plain = place.put('a/tool', '#!/bin/sh\n', 0o644)
  mkdirSync(join(place.path, 'b/tool'), { recursive: true })
  const good = place.put('c/tool', '#!/bin/sh\n')
  const along = (...names: string[]): NodeJS.ProcessEnv => ({ PATH: names.map((n) => join(place.path, n)).join(':') })
  expect(resolveCommand('tool', along('a', 'b', 'c'), place.path)).toBe(good)
  const refusal = refusalOf('tool', along('a', 'b'), place.path)
  expect(refusal).toMatchObject({ code: 'COMMAND_NOT_EXECUTABLE', message: `cannot run ${plain}: permission denied` })
  expect(refusal.hint).toContain('chmod +x')
})

test('a directory is not executable', () => {
  using place = folder()
  const refusal = refusalOf(place.path, {}, '/')
  expect(refusal).toMatchObject({
    code: 'COMMAND_NOT_EXECUTABLE',
    message: `cannot run ${place.path}: it is a directory`,
  })
})

test.for([
  ['python manage.py runserver', /without the quotes/],
  ['DEBUG=1', /env DEBUG=1 COMMAND/],
  ['manage.py', /\.\/manage\.py/],
  ['bin/nothing', /no such file in/],
  ['no-such-program', /PATH/],
  ['', /empty/],
] as const)('missing %j: one line, and a hint for the likely mistake', ([argv0, hint]) => {
  using place = folder()
  place.put('manage.py', '')
  const refusal = refusalOf(argv0, { PATH: '/nowhere' }, place.path)
  expect(refusal).toMatchObject({ code: 'COMMAND_NOT_FOUND', message: expect.not.stringContaining('\n') as string })
  expect(refusal.hint).toMatch(hint)
})
