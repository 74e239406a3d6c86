import { expect, test } from 'vitest'
import { cloneVariables } from './clone-variables.ts'
import type { Clone } from './clone.ts'

function clone(folder: string, ...names: string[]): Clone {
  const at = (name: string): { path: string; url: string } => ({ path: `${folder}/${name}`, url: '' })
  return {
    ...at(names[0] ?? ''),
    databases: Object.fromEntries(names.map((name) => [name, at(name)])),
    variables: { DATABASE_URL: `sqlite:///${folder}` },
  } as unknown as Clone
}

test('one database a clone needs no names', () => {
  expect(cloneVariables([clone('/a', 'main'), clone('/b', 'main')])).toEqual({
    DATABASE_URL: 'sqlite:////a',
    DEVSHM_CLONE_1: '/a/main',
    DEVSHM_CLONE_2: '/b/main',
  })
})

test('several have them, as variables are spelt', () => {
  expect(cloneVariables([clone('/a', 'main', 'the-log')])).toEqual({
    DATABASE_URL: 'sqlite:////a',
    DEVSHM_CLONE_1: '/a/main',
    DEVSHM_CLONE_1_MAIN: '/a/main',
    DEVSHM_CLONE_1_THE_LOG: '/a/the-log',
  })
})
