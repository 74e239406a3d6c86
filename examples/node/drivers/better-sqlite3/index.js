'use strict'

const { DatabaseSync } = require('node:sqlite')

/** What Knex, Drizzle and TypeORM use of better-sqlite3, over Node's own SQLite. */
class Database {
  constructor(path, { readonly = false, timeout = 5000 } = {}) {
    this.connection = new DatabaseSync(path, { readOnly: readonly, timeout })
  }

  prepare(sql) {
    return new Statement(this.connection.prepare(sql))
  }

  exec(sql) {
    this.connection.exec(sql)
    return this
  }

  pragma(text) {
    return this.connection.prepare(`pragma ${text}`).all()
  }

  /** As better-sqlite3 has it: a function with one variant for each kind of transaction. */
  transaction(action) {
    const variant = (begin) => (...args) => {
      this.connection.exec(begin)
      try {
        const result = action(...args)
        this.connection.exec('commit')
        return result
      } catch (error) {
        this.connection.exec('rollback')
        throw error
      }
    }
    return Object.assign(variant('begin'), {
      deferred: variant('begin deferred'),
      immediate: variant('begin immediate'),
      exclusive: variant('begin exclusive'),
    })
  }

  close() {
    this.connection.close()
  }
}

class Statement {
  constructor(statement) {
    this.statement = statement
    this.bound = []
    this.reader = statement.columns().length > 0
  }

  /** From here on rows are arrays. */
  raw(isRaw = true) {
    this.statement.setReturnArrays(isRaw)
    return this
  }

  /** From here on these are the parameters. */
  bind(...parameters) {
    this.bound = parameters.flat()
    return this
  }

  all(...parameters) {
    return this.statement.all(...this.bound, ...parameters.flat())
  }

  get(...parameters) {
    return this.statement.get(...this.bound, ...parameters.flat())
  }

  run(...parameters) {
    return this.statement.run(...this.bound, ...parameters.flat())
  }
}

module.exports = Database
