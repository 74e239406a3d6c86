import { accessSync, constants, readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DevshmError } from '../errors.ts'
import { lookThrough } from '../fs/look.ts'
import { writeFileInOneStep } from '../fs/replace.ts'
import { systemFailure } from '../fs/system-failure.ts'
import { readConfigurationFile } from '../project/configuration-file.ts'
import { identityOf } from '../process/identity.ts'
import type { Draft } from './draft.ts'

/**
 * Write the configuration, in one step: it has the old content or the new one, also after a crash. Permissions stay.
 *
 * @throws {DevshmError} `IO`: it cannot be written, or it is not any more what it was when the draft was made; nothing
 *   was changed
 */
export async function writeDraft({ path, file, before, text }: Draft): Promise<void> {
  const folder = dirname(file)
  const stats = lookThrough(file)
  const now = stats === undefined ? undefined : readConfigurationFile(file)
  if (now !== before) {
    throw new DevshmError('IO', `${path} was changed by somebody else meanwhile; nothing was written`, {
      hint: 'call devshm init again',
      details: { path },
    })
  }
  const mode = stats === undefined ? 'usual' : Number(stats.mode) & 0o777
  try {
    if (stats !== undefined) accessSync(file, constants.W_OK)
    sweep(folder, basename(file))
    await writeFileInOneStep(file, text, join(folder, temporaryOf(basename(file), process.pid)), mode)
  } catch (error) {
    throw systemFailure(error, `cannot write ${path}`) ?? error
  }
}

function temporaryOf(name: string, pid: number): string {
  return `.${name}.${pid}`
}

/** What was killed while it wrote left its unfinished file. */
function sweep(folder: string, name: string): void {
  for (const entry of readdirSync(folder)) {
    const pid = Number(entry.slice(temporaryOf(name, 0).length - 1))
    if (pid > 0 && entry === temporaryOf(name, pid) && identityOf(pid) === undefined) rmSync(join(folder, entry))
  }
}
