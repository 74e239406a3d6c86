import { basename } from 'node:path'
import { DevshmError } from '../../errors.ts'
import type { Clone } from '../clone.ts'
import { keepOfFailed } from '../for-people.ts'
import type { Bridge, UseOptions } from './bridge.ts'
import type { TestDatabase } from './index.ts'
import type { CircusEvent, CircusTest } from './jest.ts'
import { workerPool, type WorkerPool } from './worker-pool.ts'

type Per = NonNullable<UseOptions['per']>

/** The databases of one test file, in the order in which its tests run. */
export class FileDatabases implements Bridge, AsyncDisposable {
  readonly #global: typeof globalThis
  readonly #worker: WorkerPool
  readonly #clones: Partial<Record<Per, Clone>>
  readonly #wanted = new Set<Per>()

  private constructor(global: typeof globalThis, worker: WorkerPool, ofFile: Clone) {
    this.#global = global
    this.#worker = worker
    this.#clones = { file: ofFile }
    this.#lead()
  }

  static async open(global: typeof globalThis, root: string, testPath: string): Promise<FileDatabases> {
    const worker = await workerPool(root)
    return new FileDatabases(global, worker, await worker.pool.clone({ name: basename(testPath) }))
  }

  use({ per = 'test' }: UseOptions): TestDatabase {
    this.#wanted.add(per)
    return proxyOf(() => this.#clones[per] ?? notNow(per))
  }

  async handle(event: CircusEvent): Promise<void> {
    switch (event.name) {
      case 'run_start':
        if (this.#wanted.has('worker')) this.#clones.worker = await this.#worker.shared()
        break
      case 'test_started':
        if (this.#wanted.has('test')) this.#clones.test = await this.#worker.pool.clone({ name: event.test.name })
        break
      case 'test_done':
        await this.#endTest(event.test)
        break
      default:
        // Jest has many more.
        return
    }
    this.#lead()
  }

  async #endTest({ errors }: CircusTest): Promise<void> {
    const { test } = this.#clones
    if (errors.length > 0) await this.#keep()
    delete this.#clones.test
    await test?.[Symbol.asyncDispose]()
  }

  async #keep(): Promise<void> {
    for (const clone of Object.values(this.#clones)) {
      for (const line of await keepOfFailed(clone)) process.stderr.write(`${line}\n`)
    }
  }

  /** Lead the app to the clone that fewest share, of those that were asked for. */
  #lead(): void {
    const { test, worker, file } = this.#clones
    const { variables = {} } = test ?? (this.#wanted.has('file') ? file : worker) ?? file ?? {}
    Object.assign(this.#global.process.env, variables)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { test, file } = this.#clones
    await test?.[Symbol.asyncDispose]()
    await file?.[Symbol.asyncDispose]()
  }
}

function proxyOf(current: () => Clone): TestDatabase {
  return {
    get name() {
      return current().name
    },
    get path() {
      return current().path
    },
    get url() {
      return current().url
    },
    get databases() {
      return current().databases
    },
    get variables() {
      return current().variables
    },
    get isInRam() {
      return current().isInRam
    },
    connect: (options) => current().connect(options),
    reset: async (options) => {
      await current().reset(options)
    },
    keep: () => current().keep(),
    keepIfChanged: () => current().keepIfChanged(),
  }
}

function notNow(per: Per): never {
  throw new DevshmError('USAGE', `the database of a ${per} is there only while tests run`, {
    hint:
      per === 'test'
        ? 'use it in a test, beforeEach or afterEach; beforeAll needs useTestDatabase({ per: "file" })'
        : 'use it in a test or a hook',
  })
}
