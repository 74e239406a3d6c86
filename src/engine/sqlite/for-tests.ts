import { readFileSync } from 'node:fs'
import { DatabaseClass, type Connection, type ConnectionOptions } from './connection.ts'

/** How long a connection waits for another one, in milliseconds, unless it is told otherwise: as Python's do. */
const TIMEOUT_MS = 5_000

/** A plain connection for a test or an app: its schema is its own business. An absent file is created. */
export function connectAsApp(path: string, options: ConnectionOptions = {}): Connection {
  return new DatabaseClass(path, { timeout: TIMEOUT_MS, ...options })
}

/** The bytes of a private, closed database, in a form that memory takes: there is no log in memory. */
export function readImage(path: string): Buffer {
  const image = readFileSync(path)
  // "File format write version" and "read version": 1 is a rollback journal. @see https://sqlite.org/fileformat.html
  if (image.length >= 20) image.fill(1, 18, 20)
  return image
}

/** A database in memory that holds what the image does. */
export function connectToImage(image: Buffer, options: ConnectionOptions = {}): Connection {
  const connection = new DatabaseClass(':memory:', options)
  try {
    fillFromImage(connection, image)
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

/** Make a database in memory what the image holds: what was begun is rolled back, and its statements are gone. */
export function fillFromImage(connection: Connection, image: Buffer): void {
  if (connection.isTransaction) connection.exec('rollback')
  connection.deserialize(image.length === 0 ? nothing() : image)
}

/** What a new database in memory holds: an image without a byte is refused. */
function nothing(): Uint8Array {
  const fresh = new DatabaseClass(':memory:')
  try {
    return fresh.serialize()
  } finally {
    fresh.close()
  }
}
