import { hash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { djangoHookVariables } from './hook.ts'

interface DatabaseInRam {
  readonly origin: string
  readonly live: string
}

/** A database that nothing of the command's can have used in RAM. */
export interface NotUsed {
  readonly origin: string
  readonly reason: string
  readonly hint: string
}

/** A command whose connections lead to RAM, without links. */
export interface LedToLive {
  readonly variables: Readonly<Record<string, string>>
  /**
   * Ask when the command has ended, before live goes away. Says nothing of a database that may just not have been needed.
   */
  findNotUsed(): NotUsed[]
}

/**
 * The variables with which Django, in the command and in all Pythons that it starts, and `sqlite3.connect` open live where
 * an origin is meant, whatever settings are used.
 *
 * The hook lies beside the first live database and goes away with it.
 *
 * @param databases at least one
 * @throws {DevshmError} `UNSUPPORTED`: the folder of the volume cannot stand in a `PYTHONPATH`
 */
export async function leadDjangoToLive(
  env: NodeJS.ProcessEnv,
  databases: readonly DatabaseInRam[],
): Promise<LedToLive> {
  const folder = mkdtempSync(join(dirname(databases[0]?.live ?? ''), 'hook-'))
  const signs = join(folder, 'signs')
  mkdirSync(signs, { mode: 0o700 })
  const leads = databases.map(({ origin, live }) => ({ from: [origin], to: live }))
  return {
    variables: await djangoHookVariables(env, [], folder, { live: { leads, signs } }),
    findNotUsed: () => {
      const isThere = (sign: string): boolean => existsSync(join(signs, sign))
      const unused = databases.filter(({ live }) => !isThere(`used-${hash('sha256', live)}`))
      return unused.flatMap(({ origin }) => why(origin, isThere) ?? [])
    },
  }
}

function why(origin: string, isThere: (sign: string) => boolean): NotUsed | undefined {
  if (!isThere('taken')) {
    return {
      origin,
      reason:
        'the command started no Django, or one that devshm cannot reach (in a container, or with python -I or -E)',
      hint: 'what it did to the file on disk is there; run devshm where that Django runs, or without --no-link',
    }
  }
  // Commands that need no database do not even look at which there are.
  if (!isThere('configured')) return undefined
  return {
    origin,
    reason: `none of the connections in Django's settings is this file`,
    hint: 'name the one that is with --db, or in devshm.config.json under "databases"',
  }
}
