import { chmodSync, chownSync } from 'node:fs'
import { expect, test } from 'vitest'
import { findProjectRoot } from './find-project.ts'
import { createTestProject } from './project-for-tests.ts'

test.each(['manage.py', 'bin/rails', 'config.ru', 'package.json', 'pyproject.toml', 'composer.json', '.git/HEAD'])(
  'a folder with %s is a project, also from deep inside',
  (marker) => {
    using project = createTestProject({ [`site/${marker}`]: '{}' })
    expect(findProjectRoot(project.folder('site/a/b'))).toBe(project.at('site'))
  },
)

test('the nearest marker counts, and a configuration above it counts more', () => {
  using project = createTestProject({ '.git/HEAD': '', 'site/manage.py': '' })
  const inside = project.folder('site/app')
  expect(findProjectRoot(inside)).toBe(project.at('site'))
  project.write('package.json', '{"devshm": {}}')
  expect(findProjectRoot(inside)).toBe(project.path)
  project.write('site/devshm.config.json', '{}')
  expect(findProjectRoot(inside)).toBe(project.at('site'))
})

test('a package.json that only depends on devshm is no configuration', () => {
  using project = createTestProject({ 'package.json': '{"devDependencies": {"devshm": "1"}}', 'site/manage.py': '' })
  expect(findProjectRoot(project.at('site'))).toBe(project.at('site'))
})

test('without any marker it is the folder itself', () => {
  using project = createTestProject()
  expect(findProjectRoot(project.folder('a/b'))).toBe(project.at('a/b'))
})

test('nothing is looked for above the home folder, and in it only a configuration', () => {
  using project = createTestProject({ 'devshm.config.json': '{}', 'home/.git/HEAD': '' })
  const inside = project.folder('home/scripts')
  expect(findProjectRoot(inside, project.at('home'))).toBe(inside)
  expect(findProjectRoot(project.at('home'), project.at('home'))).toBe(project.at('home'))
  project.write('home/devshm.config.json', '{}')
  expect(findProjectRoot(inside, project.at('home'))).toBe(project.at('home'))
})

test('a folder that anybody may put files into is not trusted', () => {
  using project = createTestProject({ 'devshm.config.json': '{}' })
  const inside = project.folder('mine')
  expect(findProjectRoot(inside)).toBe(project.path)
  chmodSync(project.path, 0o1777)
  expect(findProjectRoot(inside)).toBe(inside)
  expect(findProjectRoot(project.path)).toBe(project.path)
})

test.runIf(process.getuid?.() === 0)('a folder of another user is not trusted, unless cwd is theirs too', () => {
  using project = createTestProject({ 'devshm.config.json': '{}' })
  const inside = project.folder('mine')
  chownSync(project.path, 12_345, 12_345)
  expect(findProjectRoot(inside)).toBe(inside)
  chownSync(inside, 12_345, 12_345)
  expect(findProjectRoot(inside)).toBe(project.path)
})
