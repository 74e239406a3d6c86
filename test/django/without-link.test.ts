import { lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { DjangoServer } from '../support/django/server.ts'
import { DEVSHM, eventually, runSql } from '../support/playground.ts'
import { sendCustomers } from './support/customers.ts'
import { emptyShop, filledShop, soundness, type Shop } from './support/shop.ts'

const NO_LINK = [...DEVSHM, 'run', '--no-link', '--']

const isFile = ({ database }: Shop): boolean => lstatSync(database).isFile()

const liveOf = async (shop: Shop): Promise<string> => {
  const { databases } = JSON.parse((await shop.devshm('status', '--json')).stdout) as { databases: { live: string }[] }
  return databases[0]?.live ?? ''
}

const noLink = (shop: Shop, ...args: string[]) => shop.devshm('run', '--no-link', '--', ...shop.manageCommand(...args))

/** Steps of the set-up start `python3`, and keep what they make in a cache of this test's own. */
function withSetUp(shop: Shop): Shop {
  shop.env['PATH'] = `${dirname(shop.python)}:${shop.env['PATH'] ?? ''}`
  shop.env['DEVSHM_CACHE'] = join(shop.volume, 'cache')
  return shop
}

const ORDER = { email: 'ada@example.com', sku: 'TEA-0007', quantity: '1' }

async function order(server: DjangoServer): Promise<string> {
  const answer = await server.post('/api/orders/', ORDER)
  expect(answer.status).toBe(201)
  return (answer.json() as { reference: string }).reference
}

/** References of orders that are at the origin now, and were not before. */
function newIn(shop: Shop, before: ReadonlySet<string>): string[] {
  const uuid = (hex: string): string => hex.replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  return [...shop.orders()]
    .filter((each) => !before.has(each))
    .map(uuid)
    .toSorted()
}

const count = `from orders.models import Order; print(Order.objects.count())`

test.for([
  ['without', false],
  ['with', true],
] as const)('runserver %s the reloader works in RAM, and the file stays a file', async ([, reload]) => {
  const shop = await filledShop()
  const before = soundness(shop.database)
  const stats = lstatSync(shop.database)
  const orders = shop.orders()
  const server = await shop.startServer({ reload, prefix: NO_LINK })
  const customers = sendCustomers(server)
  const lastSave = join(shop.folder, '.devshm/db.sqlite3/last-save.sqlite3')
  await customers.more(3)
  const answered = [...customers.placed]
  expect((await shop.devshm('save')).stderr).toMatch(/^devshm: saved db\.sqlite3/)
  expect(answered.filter((reference) => !shop.orders(lastSave).has(reference))).toEqual([])
  await customers.more(2)
  await customers.stop()
  expect(customers.wrong).toEqual([])
  expect(customers.refused).toEqual([])
  expect(lstatSync(shop.database)).toEqual(stats)
  expect(shop.orders()).toEqual(orders)
  expect(soundness(await liveOf(shop))).toEqual(before)

  expect(await server.stop('SIGINT')).toEqual({ code: 0, signal: null })
  expect(server.process.stderr).toMatch(/saved to db\.sqlite3/)
  expect(server.process.stderr).not.toMatch(/nothing used it|changed on disk/)
  expect(isFile(shop)).toBe(true)
  expect(soundness(shop.database)).toEqual(before)
  expect(customers.placed.filter((reference) => !shop.orders().has(reference))).toEqual([])
})

test('status, snapshot, reset, undo, restore and diff work on what the server uses', async () => {
  const shop = withSetUp(await filledShop())
  const orders = shop.orders()
  const server = await shop.startServer({ prefix: NO_LINK })
  const page = async (): Promise<string> => (await server.get('/api/orders/')).text
  const first = await order(server)
  expect((await shop.devshm('status')).stdout).toMatch(/in RAM .*\n.*live .*\n.*the file +is as it was/)
  expect((await shop.devshm('doctor')).stdout).toMatch(/db\.sqlite3.* is in RAM/)
  expect((await shop.devshm('snapshot', 'one-order')).status).toBe(0)
  expect((await shop.devshm('reset')).stderr).toMatch(/reset to its template/)
  expect(await page()).not.toContain(first)
  expect((await shop.devshm('undo')).status).toBe(0)
  expect(await page()).toContain(first)
  const second = await order(server)
  expect((await shop.devshm('diff', 'one-order')).stdout).toMatch(/orders_order/)
  expect((await shop.devshm('restore', 'one-order')).status).toBe(0)
  expect(await page()).not.toContain(second)
  expect(shop.orders()).toEqual(orders)
  await server.stop('SIGTERM')
  expect(newIn(shop, orders)).toEqual([first])
})

test('whatever the settings do, Django, its dbshell and sqlite3.connect work on live', async () => {
  const shop = await filledShop()
  writeFileSync(
    join(shop.folder, 'shop/other.py'),
    `import os\nfrom .settings import *\nassert os.environ['DJANGO_SETTINGS_MODULE'] == 'shop.other'\nDATABASES['default']['NAME'] = 'db.sqlite3'\n`,
  )
  const manage = join(shop.folder, 'manage.py')
  writeFileSync(
    join(shop.folder, 'hard.py'),
    readFileSync(manage, 'utf8').replace(/os\.environ\.setdefault\((.*?), (.*?)\)/, 'os.environ[$1] = $2'),
  )
  const show = `from django.db import connection as c; import sqlite3
print(c.settings_dict['NAME'], *[row[2] for x in (c.cursor(), sqlite3.connect('db.sqlite3'), sqlite3.connect('file:db.sqlite3?mode=ro', uri=True)) for row in x.execute('pragma database_list')])`
  const script = [
    [...shop.manageCommand('shell', '--settings=shop.other', '-c', show)],
    [shop.python, 'hard.py', 'shell', '-c', show],
  ]
  for (const command of script) {
    const { stdout, stderr, status } = await shop.devshm('run', '--no-link', '--', ...command)
    expect({ status, notes: stderr.split('\n').filter((line) => !line.startsWith('devshm: db.sqlite3 is')) }).toEqual({
      status: 0,
      notes: [''],
    })
    const paths = stdout.trim().split(' ')
    expect(paths).toHaveLength(4)
    expect(new Set(paths).size).toBe(1)
    expect(paths[0]).toContain(shop.volume)
  }
  const shell = `echo 'insert into django_session values ("x", "y", "2030-01-01"); pragma database_list' | ${shop.python} manage.py dbshell`
  expect((await shop.devshm('run', '--no-link', '--', 'sh', '-c', shell)).stdout).toContain(shop.volume)
  expect(runSql(shop.database, 'select count(*) as n from django_session')).toEqual([{ n: 1 }])
})

test('other devshm commands inside a session: templates and tests stay apart, a run shares it', async () => {
  const shop = withSetUp(await filledShop())
  const devshm = DEVSHM.join(' ')
  const outside = await shop.devshm('template', 'build', '--json')
  const { fingerprint } = JSON.parse(outside.stdout) as { fingerprint: string }
  const manage = `${shop.python} manage.py`
  const steps = [
    `${devshm} template build --json`,
    `${devshm} template build --no-cache --json`,
    `${devshm} test -- ${manage} test orders 2>&1`,
    `${devshm} run --no-link -- ${manage} shell -c "from django.contrib.sessions.models import Session as S; S.objects.create(session_key='in', session_data='', expire_date='2030-01-01T00:00Z')"`,
    `${manage} shell -c "from django.contrib.sessions.models import Session as S; print('seen', S.objects.count())"`,
    `${devshm} run -- true || echo refused $?`,
    `${devshm} diff @attach`,
  ]
  const { status, stdout, stderr } = await shop.devshm('run', '--no-link', '--', 'sh', '-ec', steps.join('\n'))
  expect({ status, stderr }).toMatchObject({ status: 0 })
  expect(stdout.match(new RegExp(fingerprint, 'g'))).toHaveLength(2)
  expect(stdout).toMatch(/^OK$/m)
  expect(stdout).toContain('seen 1')
  expect(stdout).toContain('refused 1')
  expect(stdout).toMatch(/django_session/)
  expect(stderr).toMatch(/is in RAM without a link for devshm run --no-link -- sh .*\n +end that first, or share it/)
  expect(stderr).not.toMatch(/nothing used it|changed on disk/)
  expect(stderr.match(/stays in RAM for/g)).toHaveLength(1)
  expect(runSql(shop.database, 'select session_key from django_session')).toEqual([{ session_key: 'in' }])
})

test('settings that name another file are asked as outside, and that one is led to RAM', async () => {
  const shop = withSetUp(await emptyShop())
  const settings = join(shop.folder, 'shop/settings.py')
  writeFileSync(settings, readFileSync(settings, 'utf8').replace("'db.sqlite3'", "'data' / 'shop.db'"))
  mkdirSync(join(shop.folder, 'data'))
  const manage = `${shop.python} manage.py`
  // Asked inside before it is asked outside: the answer is remembered.
  const inside = `${manage} migrate > migrate.txt; rm -rf .devshm; ${DEVSHM.join(' ')} status --json`
  const { stdout, stderr } = await shop.devshm('run', '--no-link', '--', 'sh', '-ec', inside)
  expect(stderr).toMatch(/saved to data\/shop\.db/)
  const { databases } = JSON.parse(stdout) as { databases: unknown[] }
  expect(databases).toMatchObject([{ origin: join(shop.folder, 'data/shop.db'), state: 'in-ram', route: 'hook' }])
  expect((await shop.manage('migrate')).stdout).toContain('No migrations to apply')
})

test('somebody writes to the file: it is said at once, and both contents are there at the end', async () => {
  const shop = await filledShop()
  const orders = shop.orders()
  const server = await shop.startServer({ prefix: NO_LINK })
  const first = await order(server)
  runSql(shop.database, `insert into django_session values ('gui', '', '2030-01-01')`)
  await server.process.waitForOutput(/db\.sqlite3 was changed on disk by a program that does not use the one in RAM/)
  expect((await shop.devshm('status')).stdout).toMatch(/the file +was changed on disk/)
  expect((await shop.devshm('doctor')).stdout).toMatch(/its file was changed/)
  const second = await order(server)
  expect(await server.stop('SIGINT')).toEqual({ code: 0, signal: null })
  expect(server.process.stderr).toMatch(
    /the file stays as it is\.\n.*snapshot @replaced: .*\n.*devshm restore @replaced/,
  )
  expect(runSql(shop.database, 'select session_key from django_session')).toEqual([{ session_key: 'gui' }])
  expect(shop.orders()).toEqual(orders)
  expect((await shop.devshm('restore', '@replaced')).status).toBe(0)
  expect(newIn(shop, orders)).toEqual([first, second].toSorted())
})

test('kill -9 of everything: the next run carries on, without a link or with one', async () => {
  const shop = await filledShop()
  let orders = shop.orders().size
  for (const next of [['--no-link'], []]) {
    const server = await shop.startServer({ prefix: NO_LINK })
    await order(server)
    await server.crash()
    expect(isFile(shop)).toBe(true)
    expect(shop.orders().size).toBe(orders)
    orders += 1
    const outcome = await shop.devshm('run', ...next, '--', ...shop.manageCommand('shell', '-c', count))
    expect(outcome.stdout.trim()).toBe(String(orders))
    expect(outcome.stderr).toMatch(/was still in RAM/)
    expect(shop.orders().size).toBe(orders)
    expect(isFile(shop)).toBe(true)
  }
})

test('a database that is not there yet comes from RAM', async () => {
  const shop = await emptyShop()
  expect((await noLink(shop, 'migrate')).status).toBe(0)
  expect(isFile(shop)).toBe(true)
  expect((await shop.manage('migrate')).stdout).toContain('No migrations to apply')
})

test('where nothing of Django came to it, that is said, and nowhere else', async () => {
  const shop = await filledShop()
  const run = async (...command: string[]): Promise<string> =>
    (await shop.devshm('run', '--no-link', '--', ...command)).stderr
  expect(await run('true')).toMatch(/was in RAM, but nothing used it there: the command started no Django/)
  const isolated = [shop.python, '-I', '-c', 'import sqlite3; sqlite3.connect("db.sqlite3").execute("select 1")']
  expect(await run(...isolated)).toMatch(/nothing used it there/)
  expect(await run(...shop.manageCommand('check'))).not.toMatch(/nothing used it/)
  expect(await run(...shop.manageCommand('makemigrations', '--check'))).not.toMatch(/nothing used it/)
  expect(await run(shop.python, '-c', 'import sqlite3; sqlite3.connect("db.sqlite3")')).not.toMatch(/nothing used it/)
  runSql(join(shop.folder, 'other.sqlite3'), 'create table t (a)')
  const migrate = shop.manageCommand('migrate', '--check')
  const other = await shop.devshm('run', '--no-link', '--db', 'other.sqlite3', '--', ...migrate)
  expect(other.stderr).toMatch(/other\.sqlite3 was in RAM, but .* none of the connections in Django's settings/)
})

test('a process that outlives its session keeps it in RAM until it ends', async () => {
  const shop = await filledShop()
  const open = `import sqlite3, sys
connection = sqlite3.connect('db.sqlite3')
connection.execute('select 1 from django_session').fetchall()
print('up', flush=True)
sys.stdin.read()`
  writeFileSync(join(shop.folder, 'open.py'), open)
  // Its input stays open until the pipe is removed.
  const script = `mkfifo pipe; exec 3<>pipe; ${shop.python} open.py <&3 & until test -e go; do sleep 0.02; done`
  const session = await shop.start([...NO_LINK, 'sh', '-c', script])
  await session.waitForOutput(/^up$/m)
  writeFileSync(join(shop.folder, 'go'), '')
  await session.waitForOutput(/still open in .*open\.py.*stays in RAM/)
  expect((await shop.devshm('detach')).status).toBe(1)
  await session.crash()
  await eventually('it can be brought back', async () => (await shop.devshm('detach')).status === 0)
  expect((await shop.devshm('status')).stdout).toContain('on disk')
})
