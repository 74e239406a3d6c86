import { expect, test } from 'vitest'
import { findPythons } from './find-python.ts'
import { createTestProject } from './project-for-tests.ts'

test('the Python of the command goes first, then virtual environments that are there, then the PATH', () => {
  using project = createTestProject({ 'active/bin/python': '', '.venv/bin/python': '', 'site/venv/bin/python': '' })
  const use = {
    cwd: project.path,
    root: project.path,
    folder: project.at('site'),
    env: { VIRTUAL_ENV: project.at('active') },
  }
  const rest = ['active', 'site/venv', '.venv'].map((name) => project.at(name, 'bin/python'))
  expect(findPythons({ ...use, command: ['npm', 'start'] })).toEqual([...rest, 'python3', 'python'])
  expect(findPythons({ ...use, command: ['py/bin/python3.12', 'manage.py'] })[0]).toBe(project.at('py/bin/python3.12'))
  expect(findPythons({ ...use, command: ['python', 'manage.py'] })).toEqual(['python', ...rest, 'python3'])
})
