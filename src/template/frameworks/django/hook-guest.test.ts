import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createHookedProject } from './hook.fixture.ts'

const WHERE = `import sitecustomize, sys; print(sitecustomize.__name__, getattr(sitecustomize, '__file__', ''))`

test('the sitecustomize that it shadows runs, and is the one that is imported', async () => {
  using bare = await createHookedProject()
  const own = bare.write('own/sitecustomize.py', `import os\nos.environ['OWN_RAN'] = 'yes'\nVALUE = 7\n`)
  using project = await createHookedProject({ env: { PYTHONPATH: `${join(bare.folder, 'own')}:${bare.folder}` } })
  const see = `import os, sitecustomize, sys; print(os.environ['OWN_RAN'], sitecustomize.VALUE, sitecustomize.__file__, sys.path[1:3])`
  expect((await project.python(['-c', see])).stdout.trim()).toBe(
    `yes 7 ${own} ${JSON.stringify([join(bare.folder, 'own'), bare.folder])
      .replaceAll('"', "'")
      .replace(',', ', ')}`,
  )
  const find = `import sqlite3; sqlite3.connect('db.sqlite3')`
  expect((await project.python(['-c', find])).stderr).toContain('devshm keeps')
})

test('without one of the user, that of the system runs, as without the hook', async () => {
  using project = await createHookedProject()
  const without = await project.python(['-c', WHERE], { PYTHONPATH: '', DEVSHM_DJANGO: '' })
  const withHook = await project.python(['-c', WHERE])
  // Where the system has none, only the hook itself is there to import.
  if (without.status === 0) expect(withHook).toEqual(without)
  else expect(withHook.stdout).toContain('sitecustomize')
})

test.each([`raise RuntimeError('its own fault')`, 'import absent'])(
  'a shadowed one that fails (%s) is reported by Python as always, and the hook works',
  async (code) => {
    using bare = await createHookedProject()
    bare.write('own/sitecustomize.py', code)
    const PYTHONPATH = join(bare.folder, 'own')
    using project = await createHookedProject({ env: { PYTHONPATH } })
    const without = await project.python(['-c', 'print(1)'], { PYTHONPATH, DEVSHM_DJANGO: '' })
    expect(without.stderr).toContain('Error in sitecustomize')
    expect(await project.python(['-c', 'print(1)'])).toEqual(without)
    expect((await project.python(['-c', `import sqlite3; sqlite3.connect('db.sqlite3')`])).stderr).toContain(
      'devshm keeps',
    )
  },
)

test('where there is none, the hook is what is imported', async () => {
  using bare = await createHookedProject()
  bare.write('own/sitecustomize.py', `raise ImportError(name='sitecustomize')`)
  using project = await createHookedProject({ env: { PYTHONPATH: join(bare.folder, 'own') } })
  const { stdout, stderr } = await project.python(['-c', 'import sitecustomize; print(sitecustomize.HERE)'])
  expect(stderr).toBe('')
  expect(stdout).toContain('private/python')
})

test('one that itself passes on to the next is not run in a circle', async () => {
  using bare = await createHookedProject()
  bare.write(
    'own/sitecustomize.py',
    `import importlib, os, sys
sys.path.remove(os.path.dirname(__file__))
del sys.modules['sitecustomize']
try:
    importlib.import_module('sitecustomize')
except ImportError:
    pass
print('once')
`,
  )
  using project = await createHookedProject({ env: { PYTHONPATH: join(bare.folder, 'own') } })
  expect(await project.python(['-c', 'print(2)'])).toMatchObject({ status: 0, stdout: 'once\n2\n', stderr: '' })
})

test('usercustomize is left to Python', async () => {
  using bare = await createHookedProject()
  bare.write('own/usercustomize.py', `print('usercustomize')`)
  using project = await createHookedProject({ env: { PYTHONPATH: join(bare.folder, 'own') } })
  expect((await project.python(['-c', ''])).stdout).toBe('usercustomize\n')
})

test.each([
  ['no instructions', { DEVSHM_DJANGO: '' }],
  ['instructions of another version', { DEVSHM_DJANGO: '{"leads": [{"other": 1}]}' }],
  ['instructions that are no JSON', { DEVSHM_DJANGO: '{' }],
])('with %s nothing is done, and nothing is said', async (_what, env) => {
  using project = await createHookedProject()
  const open = `import sqlite3; print(len(sqlite3.connect('db.sqlite3').execute('select * from precious').fetchall()))`
  expect(await project.python(['-c', open], env)).toEqual({ status: 0, stdout: '1\n', stderr: '' })
})

test('a Django that is built in another way works on, and is refused the database', async () => {
  using project = await createHookedProject()
  for (const name of ['django/__init__.py', 'django/db/__init__.py']) project.write(name, '')
  project.write('django/db/utils.py', 'class ConnectionHandler: pass\n')
  const open = `import django.db.utils, sqlite3; print(django.db.utils.ConnectionHandler()); sqlite3.connect('db.sqlite3')`
  const { stdout, stderr } = await project.python(['-c', open])
  expect(stdout).toContain('ConnectionHandler object')
  expect(stderr).toContain('devshm keeps')
})

test('Python that is told to ignore the environment is not led away: the build sees that by its database', async () => {
  using project = await createHookedProject()
  const open = `import sqlite3; sqlite3.connect('db.sqlite3').execute('select * from precious')`
  expect(await project.python(['-I', '-c', open])).toEqual({ status: 0, stdout: '', stderr: '' })
  expect(project.tablesOf(project.to)).toEqual([])
})
