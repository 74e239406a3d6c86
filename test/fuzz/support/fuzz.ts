import * as fc from 'fast-check'
import { appendFileSync, globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

const SECONDS = Number(process.env['DEVSHM_FUZZ_SECONDS'] ?? 0)
const SEED = process.env['DEVSHM_FUZZ_SEED']

/** In each CI run, where every input is one of a fixed order: a failure there is one of the code. */
const USUAL_SEED = 20_261_126

/** For the runner: a limit for a hang. */
export const FUZZ_TIMEOUT_MS: number = SECONDS * 1_000 + 120_000

/**
 * Hold a property against made-up inputs: `usual` of them, or for as long as `DEVSHM_FUZZ_SECONDS` says, from a seed that a
 * failure names. `DEVSHM_FUZZ_SEED` repeats it.
 */
export async function fuzz<T>(
  name: string,
  input: fc.Arbitrary<T>,
  usual: number,
  holds: (input: T) => Promise<void>,
): Promise<void> {
  const isLong = SECONDS > 0
  const seed = SEED === undefined ? (isLong ? Date.now() % 2 ** 31 : USUAL_SEED) : Number(SEED)
  let executions = 0
  const property = fc.asyncProperty(input, async (value) => {
    executions += 1
    await holds(value)
  })
  const details = await fc.check(property, {
    seed,
    ...(isLong
      ? { numRuns: Number.MAX_SAFE_INTEGER, plugins: [fc.interruptAfterTimeLimit(SECONDS * 1_000)] }
      : { numRuns: usual }),
  })
  if (isLong)
    report(
      `${name}: ${executions} executions in ${SECONDS} s, seed ${seed}, ${details.failed ? 'FAILED' : 'no failure'}`,
    )
  if (!details.failed) return
  const again = `DEVSHM_FUZZ_SECONDS=${Math.max(SECONDS, 60)} DEVSHM_FUZZ_SEED=${seed} npx vitest run test/fuzz/${name}.test.ts`
  throw new Error(
    `after ${executions} executions: ${describe(details.counterexample)}\nto replay it:  ${again}\nThe input belongs into test/fuzz/corpus/${name}/.`,
    { cause: details.errorInstance },
  )
}

/** What was once found, or made by hand to be hostile, by its file name. */
export function corpus(name: string): [string, Buffer][] {
  const folder = join(import.meta.dirname, '../corpus', name)
  return globSync('*', { cwd: folder })
    .toSorted()
    .map((file) => [basename(file), readFileSync(join(folder, file))])
}

function describe(counterexample: unknown): string {
  return fc.stringify(counterexample).slice(0, 2_000)
}

/** Into a file if one is named, for a page of the documentation; and for whoever watches. */
function report(line: string): void {
  process.stdout.write(`${line}\n`)
  const file = process.env['DEVSHM_FUZZ_REPORT']
  if (file !== undefined) appendFileSync(file, `${line}\n`)
}
