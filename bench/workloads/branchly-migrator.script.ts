import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

interface Options {
  readonly cwd: string
  readonly inputs: readonly string[]
  readonly migrate: readonly [string, ...string[]]
  readonly seed?: readonly [string, ...string[]]
}

/** Branchly has migrators for Prisma, Drizzle and Knex; this is one for any command, which finds the file in `DATABASE`. */
// oxlint-disable-next-line import/no-default-export -- what branchly loads by name is a default export.
export default function createMigrator({ cwd, inputs, migrate, seed }: Options): object {
  const run = ([program, ...args]: readonly [string, ...string[]], connection: string): void => {
    const env = { ...process.env, DATABASE: resolve(cwd, connection.replace(/^file:/, '')) }
    const { status, stderr } = spawnSync(program, args, { cwd, env, encoding: 'utf8' })
    if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stderr}`)
  }
  return {
    id: 'command',
    apiVersion: 1,
    fingerprint: () => {
      const hash = createHash('sha256')
      for (const path of globSync(inputs, { cwd }).toSorted()) hash.update(readFileSync(resolve(cwd, path)))
      return Promise.resolve(hash.digest('hex').slice(0, 16))
    },
    apply: (connection: string) => Promise.resolve(run(migrate, connection)),
    seed: (connection: string) => Promise.resolve(seed === undefined ? undefined : run(seed, connection)),
  }
}
