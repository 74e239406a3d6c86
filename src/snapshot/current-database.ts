import { DevshmError } from '../errors.ts'
import type { Attachment } from '../session/attachment.ts'
import type { Context } from '../session/context.ts'
import { examine } from '../session/examine.ts'

export interface CurrentDatabase {
  readonly path: string
  /** Set while it is in RAM. */
  readonly attachment: Attachment | undefined
}

/**
 * The database that the app uses at this moment, in RAM or on disk. Looking changes nothing: where a crash or a restart
 * has to be put right first, that is left to the commands that act.
 *
 * @throws {DevshmError} `DATABASE_UNUSABLE`: there is none
 */
export async function currentDatabase({ places, volume }: Context): Promise<CurrentDatabase> {
  const { origin } = places
  const { path, route, current, lending, strays } = await examine(places, volume)
  if (current !== undefined) return { path: current.live, attachment: current }
  const details = { path: origin }
  if (route !== undefined) {
    throw new DevshmError('DATABASE_UNUSABLE', `the RAM that ${origin} was in is gone (a restart, or a logout)`, {
      hint: 'devshm detach restores the last save',
      details,
    })
  }
  if (path === 'file') return { path: lending === undefined ? origin : places.original, attachment: undefined }
  throw new DevshmError('DATABASE_UNUSABLE', `${origin} is not there, so there is nothing to compare`, {
    hint:
      strays.length > 0
        ? 'a database that was made for it is still in RAM; devshm detach keeps that as a snapshot'
        : 'create it first, or name two files: devshm diff A B',
    details,
  })
}
