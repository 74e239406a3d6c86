'use strict'

const { DatabaseSync } = require('node:sqlite')

/** What Sequelize uses of sqlite3, over Node's own SQLite: callbacks, called after the statement has run. */
class Database {
  constructor(filename, _mode, done) {
    this.filename = filename
    this.connection = new DatabaseSync(filename, { timeout: 5000 })
    process.nextTick(done, null)
  }

  serialize(action) {
    action()
  }

  run(sql, parameters, done) {
    return this.execute(sql, parameters, done, (statement, values) => {
      const { changes, lastInsertRowid } = statement.run(...values)
      return { context: { changes, lastID: lastInsertRowid, sql } }
    })
  }

  all(sql, parameters, done) {
    return this.execute(sql, parameters, done, (statement, values) => ({ context: { sql }, rows: statement.all(...values) }))
  }

  execute(sql, parameters, done, action) {
    const [values, callback] = typeof parameters === 'function' ? [[], parameters] : [parameters ?? [], done]
    const answer = (context, ...args) => process.nextTick(() => callback?.apply(context, args))
    try {
      const { context, rows } = action(this.connection.prepare(sql), Array.isArray(values) ? values : [values])
      answer(context, null, rows)
    } catch (error) {
      answer({ sql }, Object.assign(error, { code: codeOf(error) }))
    }
    return this
  }

  close(done) {
    this.connection.close()
    if (done !== undefined) process.nextTick(done, null)
  }
}

/** The names that Sequelize tells its own kinds of errors by. */
function codeOf({ errcode }) {
  return { 5: 'SQLITE_BUSY', 19: 'SQLITE_CONSTRAINT' }[errcode & 0xff] ?? 'SQLITE_ERROR'
}

module.exports = { Database, OPEN_READONLY: 1, OPEN_READWRITE: 2, OPEN_CREATE: 4 }
