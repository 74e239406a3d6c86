import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { DevshmError, UsageError } from '../errors.ts'
import { lookAt, lookThrough } from '../fs/look.ts'
import { CONFIGURATION_FILE, findConfigurationFile, readConfigurationFile } from '../project/configuration-file.ts'
import { loadConfiguration } from '../project/configuration.ts'
import { amend } from './amend.ts'
import type { Proposal } from './proposal.ts'
import { says } from './says.ts'
import { type Section, sectionsOf, writeConfiguration } from './write-configuration.ts'

/** The file as it is and as it would be. Nothing has been written yet. */
export interface Draft {
  /** As the user names it. */
  readonly path: string
  /** Where it is: a link is followed. */
  readonly file: string
  /** Its content; `undefined` where there is no file. */
  readonly before: string | undefined
  readonly text: string
  readonly added: readonly Section['key'][]
  /** Keys that say something else already. */
  readonly replaced: readonly Section['key'][]
}

/**
 * What the configuration of a project would become.
 *
 * @throws {UsageError} it is configured in `package.json`, and not as proposed
 * @throws {DevshmError} `CONFIGURATION`: a mistake in it, with its place; `IO`: it is a link that leads nowhere
 */
export async function draftOf(proposal: Proposal): Promise<Draft> {
  const { root } = proposal
  const path = join(root, CONFIGURATION_FILE)
  const sections = sectionsOf(proposal)
  const there = findConfigurationFile(root)
  if (there !== undefined && there.under.length > 0) return await inPackage(root, there.path, sections)
  if (there === undefined) {
    if (lookAt(path) !== undefined && lookThrough(path) === undefined) throw leadsNowhere(path)
    const added = sections.map(({ key }) => key)
    return { path, file: path, before: undefined, text: writeConfiguration(proposal), added, replaced: [] }
  }
  const before = readConfigurationFile(path)
  return { path, file: realpathSync(path), before, ...amend(before, path, sections) }
}

/** A `package.json` has no comments, and is not ours to lay out. */
async function inPackage(root: string, path: string, sections: readonly Section[]): Promise<Draft> {
  const now: Readonly<Record<string, unknown>> = { ...(await loadConfiguration(root)) }
  const missing = sections.filter(({ key, value }) => !says(now[key], value))
  const before = readConfigurationFile(path)
  if (missing.length === 0) return { path, file: path, before, text: before, added: [], replaced: [] }
  const value = Object.fromEntries(missing.map((section) => [section.key, section.value]))
  throw new UsageError(`devshm is configured by the key "devshm" in ${path}, which this command leaves alone`, {
    hint: `move that to ${CONFIGURATION_FILE} and call it again; what was found is ${JSON.stringify(value)}`,
    details: { path, found: value },
  })
}

function leadsNowhere(path: string): DevshmError {
  return new DevshmError('IO', `${path} is a symbolic link that leads nowhere`, {
    hint: 'remove it, or make the file that it leads to',
    details: { path },
  })
}
