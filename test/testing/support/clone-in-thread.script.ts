import { parentPort, workerData } from 'node:worker_threads'
import { openTestDatabases, type TestDatabasesHandle } from '../../../src/testing/index.ts'

/** A thread that makes a clone, tells its path, and goes on until it is terminated. */
const pool = await openTestDatabases(workerData as TestDatabasesHandle)
const clone = await pool.clone()
clone.connect().exec(`insert into item (name) values ('of the thread')`)
parentPort?.on('message', () => undefined)
parentPort?.postMessage(clone.path)
