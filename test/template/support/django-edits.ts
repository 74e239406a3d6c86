import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { migration, type DjangoSetup } from './django-setup.ts'

/** What becomes of the layer of `migrate` and that of `loaddata`. */
export type Fate = readonly [migrate: 'hit' | 'continued' | 'in full', loaddata: 'hit' | 'in full']

export interface Edit {
  readonly what: string
  readonly fate: Fate
  /** Before the first build. */
  readonly prepare?: (project: DjangoSetup) => Promise<unknown>
  readonly edit: (project: DjangoSetup) => Promise<unknown>
}

const HIT: Fate = ['hit', 'hit']
const CONTINUED: Fate = ['continued', 'in full']
const IN_FULL: Fate = ['in full', 'in full']

const LAST = ['catalog', '0006_product_price_not_negative'] as const
const MIGRATIONS = 'catalog/migrations'
const SITE = '.venv/lib/python3/site-packages'

async function addField(project: DjangoSetup, name: string): Promise<void> {
  const field = `models.CharField(max_length=40, default='')`
  const operation = `migrations.AddField('product', '${name}', ${field})`
  await project.write(`${MIGRATIONS}/0007_product_${name}.py`, migration(LAST, operation))
  await project.edit('catalog/models.py', '    active =', `    ${name} = ${field}\n    active =`)
}

async function addNote(project: DjangoSetup): Promise<void> {
  await addField(project, 'note')
}

async function must(project: DjangoSetup, program: string, ...args: string[]): Promise<void> {
  const { status, stdout, stderr } = await project.command(program, ...args)
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stdout}${stderr}`)
}

async function git(project: DjangoSetup, ...args: string[]): Promise<void> {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'commit.gpgsign=false']
  await must(project, 'git', ...identity, ...args)
}

async function startHistory(project: DjangoSetup): Promise<void> {
  await project.write('.gitignore', 'db.sqlite3\n__pycache__\n')
  await git(project, 'init', '--quiet', '--initial-branch', 'main')
  await git(project, 'add', '--all')
  await git(project, 'commit', '--quiet', '--message', 'one')
}

/** A virtual environment with a package in it of which there is nothing but its name and version. */
async function makeEnvironment(project: DjangoSetup): Promise<void> {
  await must(project, project.python, '-m', 'venv', '--system-site-packages', '--without-pip', '.venv')
  await must(project, 'sh', '-c', 'cd .venv/lib && ln -s python3.* python3')
  await project.write(`${SITE}/labels-1.0.dist-info/METADATA`, 'Name: labels\nVersion: 1.0\n')
  project.env['VIRTUAL_ENV'] = join(project.folder, '.venv')
  project.env['PATH'] = `${join(project.folder, '.venv/bin')}:${project.env['PATH']}`
}

export const EDITS: readonly Edit[] = [
  { what: 'nothing but times', fate: HIT, edit: (project) => must(project, 'find', '.', '-exec', 'touch', '{}', '+') },
  {
    what: 'an edited view, test and page',
    fate: HIT,
    edit: async ({ edit, write }) => {
      await edit('catalog/views.py', 'from ', 'import json\nfrom ')
      await write('orders/tests.py', 'import json\n')
      await write('catalog/templates/catalog/product_list.html', 'changed')
    },
  },
  {
    what: 'an edited method of a model',
    fate: CONTINUED,
    edit: ({ edit }) => edit('catalog/models.py', 'return self.name', 'return str(self.name)'),
  },
  { what: 'a new migration', fate: CONTINUED, edit: addNote },
  {
    what: 'an edited migration',
    fate: IN_FULL,
    edit: ({ edit }) => edit('orders/migrations/0004_first_shipping_methods.py', '(apps', '( apps'),
  },
  {
    what: 'a removed migration',
    fate: IN_FULL,
    edit: ({ remove }) => remove(`${MIGRATIONS}/0006_product_price_not_negative.py`),
  },
  {
    what: 'a squash',
    fate: IN_FULL,
    edit: (project) =>
      must(project, project.python, 'manage.py', 'squashmigrations', 'catalog', '0005', '0006', '--noinput'),
  },
  {
    what: 'one inserted by a merge',
    fate: IN_FULL,
    prepare: addNote,
    edit: async (project) => {
      await addField(project, 'colour')
      const both = migration(['catalog', '0007_product_note'], '')
      const merge = both.replace(`_note')]`, `_note'), ('catalog', '0007_product_colour')]`)
      await project.write(`${MIGRATIONS}/0008_merge.py`, merge)
    },
  },
  {
    what: 'a changed fixture',
    fate: ['hit', 'in full'],
    edit: ({ edit }) => edit('fixtures/demo.json', '"name": "', '"name": "Fine '),
  },
  {
    what: 'an edited helper of a data migration',
    fate: IN_FULL,
    prepare: async ({ write, edit }) => {
      await write('orders/prices.py', `def reduced(price):\n    return price / 2\n`)
      const path = 'orders/migrations/0004_first_shipping_methods.py'
      await edit(path, 'from decimal', 'from orders.prices import reduced\nfrom decimal')
      await edit(path, '    ShippingMethod =', '    reduced(1)\n    ShippingMethod =')
    },
    edit: ({ edit }) => edit('orders/prices.py', '/ 2', '/ 4'),
  },
  { what: 'changed settings', fate: IN_FULL, edit: ({ edit }) => edit('shop/settings.py', `'en-us'`, `'de-de'`) },
  {
    what: 'another version of a package',
    fate: IN_FULL,
    prepare: makeEnvironment,
    edit: ({ folder }) =>
      rename(join(folder, SITE, 'labels-1.0.dist-info'), join(folder, SITE, 'labels-1.1.dist-info')),
  },
  {
    what: 'another branch, and back',
    fate: HIT,
    prepare: startHistory,
    edit: async (project) => {
      await git(project, 'checkout', '--quiet', '-b', 'feature')
      await addNote(project)
      await git(project, 'add', '--all')
      await git(project, 'commit', '--quiet', '--message', 'two')
      await project.devshm('reset')
      await git(project, 'checkout', '--quiet', 'main')
    },
  },
]
