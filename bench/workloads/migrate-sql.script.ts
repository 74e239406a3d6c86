import { migrate } from '../support/sql-migrations.ts'

// Apply what is pending of ./migrations/*.sql, as a migration tool does: DATABASE
const [path = ''] = process.argv.slice(2)
migrate(path, 'migrations')
