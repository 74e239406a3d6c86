import { DatabaseSync } from 'node:sqlite'

/** A connection in a process of its own: opens a database, then answers one query a message. */
const connection = new DatabaseSync(process.argv[2] ?? '', { timeout: Number(process.argv[3] ?? 0) })
process.send?.({ opened: true })

process.on('message', ({ sql }: { sql: string }) => {
  try {
    const statements = sql.split(';').filter((statement) => statement.trim() !== '')
    let rows: Record<string, unknown>[] = []
    for (const statement of statements)
      rows = connection
        .prepare(statement)
        .all()
        .map((row) => ({ ...row }))
    process.send?.({ rows })
  } catch (error) {
    process.send?.({ failure: error instanceof Error ? error.message : String(error) })
  }
})
process.on('disconnect', () => {
  connection.close()
  process.exit(0)
})
