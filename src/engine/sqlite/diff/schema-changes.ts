import type { ColumnChange, SchemaChange } from '../../diff.ts'
import type { Catalog, Column, Entry, Table } from './catalog.ts'
import { folded } from './sql.ts'

/** What was made, dropped or altered. The tables that a virtual table keeps its data in are its own affair. */
export function schemaChanges(a: Catalog, b: Catalog): SchemaChange[] {
  const before = visibleEntries(a)
  const after = visibleEntries(b)
  const changes: SchemaChange[] = []
  for (const [key, { kind, name, sql }] of before) {
    const now = after.get(key)
    if (now === undefined) changes.push({ kind, name, change: 'removed', before: sql })
    else if (now.sql !== sql) {
      const columns = kind === 'table' ? { columns: columnChanges(tableOf(a, name), tableOf(b, name)) } : {}
      changes.push({ kind, name: now.name, change: 'changed', before: sql, after: now.sql, ...columns })
    }
  }
  for (const [key, { kind, name, sql }] of after) {
    if (!before.has(key)) changes.push({ kind, name, change: 'added', after: sql })
  }
  return changes.toSorted((one, other) => rank(one) - rank(other) || compare(one.name, other.name))
}

const KINDS: readonly SchemaChange['kind'][] = ['table', 'index', 'view', 'trigger']

function rank({ kind }: SchemaChange): number {
  return KINDS.indexOf(kind)
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

function visibleEntries(catalog: Catalog): Map<string, Entry> {
  const visible = catalog.entries.filter(
    ({ kind, name }) => kind !== 'table' || catalog.tables.get(folded(name))?.kind !== 'shadow',
  )
  return new Map(visible.map((entry) => [`${entry.kind} ${folded(entry.name)}`, entry]))
}

function tableOf(catalog: Catalog, name: string): Table | undefined {
  return catalog.tables.get(folded(name))
}

function columnChanges(a: Table | undefined, b: Table | undefined): ColumnChange[] {
  const before = definitions(a)
  const after = definitions(b)
  const changes: ColumnChange[] = []
  for (const [key, { name, text }] of before) {
    const now = after.get(key)
    if (now === undefined) changes.push({ name, change: 'removed', before: text })
    else if (now.text !== text) changes.push({ name: now.name, change: 'changed', before: text, after: now.text })
  }
  for (const [key, { name, text }] of after) {
    if (!before.has(key)) changes.push({ name, change: 'added', after: text })
  }
  return changes
}

function definitions(table: Table | undefined): Map<string, { name: string; text: string }> {
  const columns = table?.columns.filter(({ kind }) => kind !== 'hidden') ?? []
  return new Map(columns.map((column) => [folded(column.name), { name: column.name, text: definitionOf(column) }]))
}

function definitionOf({ type, isNotNull, defaultText, keyPart, kind }: Column): string {
  const parts = [
    type,
    keyPart > 0 ? 'primary key' : '',
    isNotNull ? 'not null' : '',
    defaultText === undefined ? '' : `default ${defaultText}`,
    kind === 'generated' ? 'generated' : '',
  ]
  return parts.filter((part) => part !== '').join(' ') || 'of any type'
}
