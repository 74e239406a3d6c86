import { existsSync, rmSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLedger, lastNumberIn, ledgerWriter, readTold } from '../../../support/ledger.ts'
import { createPlayground, DEVSHM, eventually, type Playground } from '../../../support/playground.ts'
import type { SeededRandom } from '../../../support/seeded-random.ts'
import { killIfRunning, runs, startDoomed, type Doomed } from '../../../support/doomed.ts'

export interface Kind {
  readonly journalMode: 'delete' | 'wal'
  readonly route: 'link' | 'no link'
}

/** In the command line of every writer, and of every devshm. */
const WRITER = 'ledger.py'
const DEVSHM_ITSELF = 'main.ts'

/** On a machine that has much else to do. */
const A_COMMIT_TAKES_MS = 120_000

const NOTES = 6

/** One project, and all the processes that work on it. */
export class Stage implements AsyncDisposable {
  readonly playground: Playground
  readonly kind: Kind
  readonly random: SeededRandom
  readonly told: string
  readonly #started = new Set<Doomed>()
  readonly #notes: string[] = []

  static async create(kind: Kind, random: SeededRandom): Promise<Stage> {
    const playground = await createPlayground()
    createLedger(playground.origin, kind.journalMode)
    // Without a link it has to be Django's, as far as devshm can see.
    if (kind.route === 'no link') writeFileSync(join(playground.folder, 'manage.py'), '# django\n')
    return new Stage(playground, kind, random)
  }

  private constructor(playground: Playground, kind: Kind, random: SeededRandom) {
    this.playground = playground
    this.kind = kind
    this.random = random
    this.told = join(playground.cache, 'told')
  }

  /** What is in a folder of the store. Nothing, if every command was killed before it made that. */
  stored(name: 'snapshots' | 'unfinished'): { folder: string; names: string[] } {
    const folder = join(this.playground.folder, '.devshm/db.sqlite3', name)
    return { folder, names: existsSync(folder) ? readdirSync(folder) : [] }
  }

  /** What happened last, for whoever has to find out why a round failed. */
  get notes(): string {
    const { folder, names } = this.stored('snapshots')
    const kept = names.filter((name) => name.startsWith('@'))
    const numbers = kept.map((name) => `${name}: ${lastNumberIn(join(folder, name))}`)
    return [...this.#notes.slice(-NOTES), ...numbers].join('\n')
  }

  note(what: string): void {
    this.#notes.push(what)
  }

  start(...command: string[]): Doomed {
    const doomed = startDoomed(this.playground, command)
    this.#started.add(doomed)
    return doomed
  }

  devshm(...args: string[]): Doomed {
    return this.start(...DEVSHM, ...args)
  }

  /** A session of its own, for as long as a command takes. */
  get run(): string[] {
    return ['run', ...(this.kind.route === 'link' ? [] : ['--no-link']), '--save-every', '1']
  }

  get isWriterRunning(): boolean {
    return runs(readTold(this.told).pid, WRITER)
  }

  /** Start a writer, and wait for its first commit. It is given the path, whatever is there. */
  async startWriter(...through: string[]): Promise<void> {
    const before = readTold(this.told)
    const writer = ledgerWriter('db.sqlite3', this.told, this.random.pick(['keep', 'reopen']))
    const doomed = this.start(...through, ...writer)
    let status: number | undefined
    void doomed.exit.then((code) => (status = code))
    const hasCommitted = (): boolean => {
      if (status !== undefined) throw new Error(`it ended with ${status}: ${doomed.errors}`)
      const now = readTold(this.told)
      return now.wrong.length > 0 || (now.pid !== before.pid && now.acknowledged > before.acknowledged)
    }
    try {
      await eventually('the writer has committed', hasCommitted, A_COMMIT_TAKES_MS)
    } catch (error) {
      throw new Error(`${through.join(' ')} ${writer.join(' ')}: ${doomed.errors}`, { cause: error })
    }
  }

  /** `kill -9` of the writer. @returns how many that were */
  async killWriter(): Promise<number> {
    return (await killIfRunning(readTold(this.told).pid, WRITER)) ? 1 : 0
  }

  /** `kill -9` of every devshm that keeps the database in RAM. @returns how many that were */
  async killSessions(): Promise<number> {
    const pids = this.playground.inRam().flatMap((path) => /\/leases\/(\d+)-.*json$/.exec(path)?.[1] ?? [])
    const ended = await Promise.all([...new Set(pids)].map((pid) => killIfRunning(Number(pid), DEVSHM_ITSELF)))
    return ended.filter(Boolean).length
  }

  /** The number of the last commit there is, where the database is at this moment. */
  async lastNumber(): Promise<number> {
    let number: number | undefined
    await eventually('the database can be opened', () => {
      try {
        number = lastNumberIn(this.#where())
      } catch (error) {
        // A session that is just ending moves it.
        if (!/unable to open|is not there|database is locked/.test(String(error))) throw error
      }
      return number !== undefined
    })
    return number ?? 0
  }

  /** Let everything come to its end but what is killed; then the database is on disk, or left by a crash. */
  async settle(): Promise<void> {
    for (const each of this.#started) each.end()
    await Promise.all([...this.#started].map((each) => each.exit))
    await eventually('the writer has ended', () => !this.isWriterRunning)
    this.#started.clear()
  }

  /** Snapshots of a user never go by themselves. */
  forgetSnapshots(): void {
    const { folder, names } = this.stored('snapshots')
    for (const name of names.filter((each) => each.startsWith('kept-'))) rmSync(join(folder, name))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const each of this.#started) {
      each.end()
      await killIfRunning(each.pid, DEVSHM_ITSELF)
    }
    await this.killWriter()
    await this.playground[Symbol.asyncDispose]()
  }

  #where(): string {
    const { origin, volume, inRam } = this.playground
    if (this.kind.route === 'link') return origin
    // A folder that a detach is about to remove has another name.
    const live = inRam().find((path) => /\/[^/.][^/]*\/live\.sqlite3$/.test(path))
    return live === undefined ? origin : join(volume, live)
  }
}
