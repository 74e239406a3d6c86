import * as fc from 'fast-check'

/** How the rows of a table are told apart, by the rules that `docs/diff.md` gives. */
export interface TableShape {
  readonly name: string
  /** `%` stands for the name. */
  readonly create: string
  readonly columns: readonly string[]
  readonly identity: 'rowid' | 'content' | { readonly key: readonly string[]; readonly ignoresCase: boolean }
  readonly isVirtual?: true
}

const ODD_NAMES = ['plain', 'Order', 'select', 'with space', 'quo"te', "apo'strophe", 'täble', 'semi;colon', '--dash']

const key = (...columns: string[]): TableShape['identity'] => ({ key: columns, ignoresCase: false })

const SHAPES: readonly Omit<TableShape, 'name'>[] = [
  { create: 'create table % (id integer primary key, x, y)', columns: ['id', 'x', 'y'], identity: key('id') },
  {
    create: `create table % (id integer primary key autoincrement, x text collate nocase, y default 7)`,
    columns: ['id', 'x', 'y'],
    identity: key('id'),
  },
  { create: 'create table % (x, y real, z text)', columns: ['x', 'y', 'z'], identity: 'rowid' },
  { create: 'create table % (k text primary key, x)', columns: ['k', 'x'], identity: key('k') },
  {
    create: 'create table % (x, k text collate nocase primary key, y)',
    columns: ['x', 'k', 'y'],
    identity: { key: ['k'], ignoresCase: true },
  },
  { create: 'create table % (k, l, x, primary key (l, k))', columns: ['k', 'l', 'x'], identity: key('l', 'k') },
  {
    create: 'create table % (k collate nocase, l, x, primary key (k collate binary, l))',
    columns: ['k', 'l', 'x'],
    identity: key('k', 'l'),
  },
  {
    create: 'create table % (k, l blob, x, y, primary key (k, l)) without rowid',
    columns: ['k', 'l', 'x', 'y'],
    identity: key('k', 'l'),
  },
  {
    create: 'create table % (k text collate nocase primary key, x) without rowid',
    columns: ['k', 'x'],
    identity: { key: ['k'], ignoresCase: true },
  },
  { create: 'create table % (rowid, x)', columns: ['rowid', 'x'], identity: 'rowid' },
  { create: 'create table % (rowid, _rowid_, oid)', columns: ['rowid', '_rowid_', 'oid'], identity: 'content' },
  {
    create: 'create table % (rowid text, _rowid_, oid integer primary key, x)',
    columns: ['rowid', '_rowid_', 'oid', 'x'],
    identity: key('oid'),
  },
  { create: 'create table % (k integer primary key desc, x)', columns: ['k', 'x'], identity: key('k') },
  {
    create: 'create table % (id integer primary key, a any, t text, r real, b blob) strict',
    columns: ['id', 'a', 't', 'r', 'b'],
    identity: key('id'),
  },
  {
    create: `create table % (id integer primary key, x, length as (length(x)), doubled as (x || x) stored)`,
    columns: ['id', 'x'],
    identity: key('id'),
  },
  {
    create: 'create table % ("group" integer primary key, "a ""b""", "c,d" check ("c,d" is not 13))',
    columns: ['group', 'a "b"', 'c,d'],
    identity: key('group'),
  },
  { create: 'create virtual table % using fts5(x, y)', columns: ['x', 'y'], identity: 'rowid', isVirtual: true },
]

const shape = fc.record({ shape: fc.constantFrom(...SHAPES), name: fc.constantFrom(...ODD_NAMES) })

const value = fc.oneof(
  { weight: 1, arbitrary: fc.constant('null') },
  {
    weight: 6,
    arbitrary: fc.constantFrom('1', '1.0', "'1'", "x'31'", '0', '2', '3', "'a'", "'A'", "''", "x''", '0.5', "'it''s'"),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '9007199254740993',
      '9007199254740992.0',
      '-9223372036854775808',
      '1e300',
      '9e999',
      `'line' || char(10) || 'end'`,
      `'nul' || char(0) || 'end'`,
      `'☃ é'`,
      'zeroblob(40)',
      `x'${'ab'.repeat(50)}'`,
    ),
  },
)

export type Edit =
  | {
      readonly kind: 'insert' | 'replace' | 'update' | 'delete'
      readonly table: number
      readonly values: string[]
      readonly row: number
      readonly column: number
    }
  | { readonly kind: 'schema'; readonly table: number; readonly which: number }

const rowEdit = fc.record({
  kind: fc.constantFrom(
    'insert' as const,
    'insert' as const,
    'replace' as const,
    'update' as const,
    'update' as const,
    'delete' as const,
  ),
  table: fc.nat(5),
  values: fc.array(value, { minLength: 5, maxLength: 5 }),
  row: fc.nat(3),
  column: fc.nat(4),
})

const schemaEdit = fc.record({ kind: fc.constant('schema' as const), table: fc.nat(5), which: fc.nat(8) })

export interface Case {
  readonly shapes: readonly TableShape[]
  readonly encoding: string
  readonly fill: readonly Edit[]
  readonly edits: readonly Edit[]
}

export const randomCase: fc.Arbitrary<Case> = fc.record({
  shapes: fc
    .uniqueArray(shape, { minLength: 1, maxLength: 4, selector: ({ name }) => name })
    .map((all) => all.map(({ shape, name }) => ({ ...shape, name }))),
  encoding: fc.constantFrom('UTF-8', 'UTF-8', 'UTF-16le'),
  fill: fc.array(rowEdit, { maxLength: 60, size: 'max' }),
  edits: fc.array(fc.oneof({ weight: 12, arbitrary: rowEdit }, { weight: 1, arbitrary: schemaEdit }), {
    maxLength: 20,
    size: 'max',
  }),
})

/** The statement of an edit; it may well violate a constraint. */
export function statementOf(edit: Edit, shapes: readonly TableShape[]): string {
  const shape = shapes[edit.table % shapes.length]
  if (shape === undefined) throw new Error('there is no table')
  const table = quoted(shape.name)
  if (edit.kind === 'schema') return schemaStatements(table)[edit.which] ?? 'vacuum'
  const columns = shape.columns.map(quoted)
  const column = columns[edit.column % columns.length]
  const [value = 'null'] = edit.values
  const someRow = `(select ${columns[0]} from ${table} limit 1 offset ${edit.row})`
  switch (edit.kind) {
    case 'insert':
    case 'replace':
      return `${edit.kind} into ${table} (${columns.join(', ')}) values (${edit.values.slice(0, columns.length).join(', ')})`
    case 'update':
      return `update ${table} set ${column} = ${value} where ${columns[0]} is ${someRow}`
    case 'delete':
      return `delete from ${table} where ${columns[0]} is ${someRow}`
  }
}

function schemaStatements(table: string): string[] {
  return [
    `alter table ${table} add column extra default 'e'`,
    `drop table ${table}`,
    `create table "later" as select * from ${table}`,
    `create index "odd ""index" on ${table} (x)`,
    `create view some_view as select * from ${table}`,
    `create trigger some_trigger after insert on ${table} begin select 1; end`,
    `create table child (id integer primary key, parent references ${table})`,
    `pragma journal_mode = wal`,
    `analyze`,
  ]
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
