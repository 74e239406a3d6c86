import { formatBytes } from '../../fs/format-bytes.ts'
import { lookAt } from '../../fs/look.ts'
import type { Context } from '../../session/context.ts'
import { examine, type Situation } from '../../session/examine.ts'
import { newestCopy, readLastSave } from '../../session/last-save.ts'
import { readLeases } from '../../session/leases.ts'
import { statusOf } from '../../session/status.ts'
import { formatAge } from '../age.ts'
import { whereItsRamIs } from '../elsewhere.ts'
import type { Observation } from '../finding.ts'
import type { Surroundings } from '../surroundings.ts'

const LONG_MS = 5 * 60_000

/** Whether each database is in a state that somebody has to do something about. */
export async function checkState({ databases }: Surroundings): Promise<Observation[]> {
  const observations: Observation[] = []
  for (const context of databases) {
    const subject = context.places.origin
    for (const each of await look(context)) observations.push({ subject, ...each })
  }
  return observations
}

type Seen = Omit<Observation, 'subject'>

async function look(context: Context): Promise<Seen[]> {
  const { places, volume } = context
  const situation = await examine(places, volume)
  return [...lent(situation), ...(await atThePath(context, situation)), ...leftBehind(situation)]
}

function lent({ lending }: Situation): Seen[] {
  if (lending === undefined) return []
  const { to, maker } = lending
  if (maker !== undefined) {
    return [{ level: 'note', message: `leads to ${to} while pid ${maker.pid} builds a template` }]
  }
  const message = `leads to ${to}: a build of a template was interrupted`
  return [{ level: 'problem', message, remedy: 'devshm detach   (puts back what was there before)' }]
}

async function atThePath(context: Context, situation: Situation): Promise<Seen[]> {
  const { current, path, route } = situation
  if (route === undefined) return [{ level: 'ok', message: path === 'file' ? 'is on disk' : 'is not there yet' }]
  if (current === undefined) return [await withoutRam(context, situation)]
  if (route === 'link' && current.origin !== context.places.origin) {
    const message = `is a link into the RAM of ${current.origin}: this project was copied or moved while attached`
    return [
      { level: 'warning', message, remedy: 'devshm detach   (gives it its own data, or carries on after a move)' },
    ]
  }
  const { heldBy, changedSinceSave, changedOnDisk, lastSave, bytes } = await statusOf(context)
  if (changedOnDisk === 'yes') {
    const message = 'is in RAM without a link, and its file was changed by a program that does not use RAM'
    const remedy = 'devshm detach   (when its command has ended: the file stays, what is in RAM becomes @replaced)'
    return [{ level: 'warning', message, remedy }]
  }
  const age = lastSave === undefined ? undefined : Date.now() - Date.parse(lastSave.savedAt)
  const saved = age === undefined ? 'never saved' : `saved ${formatAge(age)} ago`
  if (heldBy.length === 0) {
    const { dead } = await readLeases(current)
    const cause = dead.length > 0 ? ` (pid ${dead.map(({ pid }) => pid).join(', ')} was ended by force)` : ''
    const message = `is in RAM and no devshm process holds it${cause}: it is not saved any more, ${saved}`
    return [{ level: 'warning', message, remedy: 'devshm detach   (or run or attach, which carry on with it)' }]
  }
  if (changedSinceSave === 'yes' && (age === undefined || age > LONG_MS)) {
    return [{ level: 'warning', message: `is in RAM, ${saved} and changed since`, remedy: 'devshm save' }]
  }
  return [{ level: 'ok', message: `is in RAM (${formatBytes(bytes)}), ${saved}` }]
}

/** Our link, or the record of a database without one, leads nowhere. */
async function withoutRam({ places }: Context, { record, target = record?.live, route }: Situation): Promise<Seen> {
  const isWhat = route === 'link' ? 'is a link to' : 'is, without a link, attached as'
  const where = record === undefined ? 'gone' : whereItsRamIs(places, record)
  if (where === 'elsewhere') {
    const message = `${isWhat} ${target}, which is in RAM on the host or in another container`
    return { level: 'problem', message, remedy: 'devshm detach   (there), or run the app and devshm there' }
  }
  const copy = newestCopy(places)
  if (route === 'link' && copy === undefined && record?.before.kind !== 'absent') {
    const message = `is a link to ${target}, which is gone, and ${places.store} has no save of it`
    return { level: 'problem', message, remedy: `rm the link, and restore a backup or set the database up again` }
  }
  const savedAt = readLastSave(places)?.savedAt ?? (copy && lookAt(copy)?.mtime.toISOString())
  const save = savedAt === undefined ? 'there was nothing to save' : `the last save is from ${savedAt}`
  const doubt =
    where === 'another mount'
      ? ' (here; if it is attached on the host or in another container, detach it there first)'
      : ''
  const isWhere =
    route === 'link' ? 'is a link into RAM that is gone' : 'was in RAM without a link, and that RAM is gone'
  const message = `${isWhere}${doubt}; ${save}`
  return { level: 'problem', message, remedy: 'devshm detach   (restores the last save)' }
}

function leftBehind({ strays, debris, route, record }: Situation): Seen[] {
  const seen = strays.map(({ live, attachedAt }): Seen => {
    const message = `has a database left in RAM that it no longer leads to, attached at ${attachedAt}: ${live}`
    return {
      level: 'warning',
      message,
      remedy: 'devshm detach   (keeps it as the snapshot @replaced, unless it is on disk)',
    }
  })
  const halves = debris.map((folder): Seen => ({
    level: 'note',
    message: `has a half-made folder left in RAM: ${folder}`,
    remedy: 'devshm detach   (removes it, unless another devshm command is at work at this moment)',
  }))
  if (route !== undefined || record === undefined) return [...seen, ...halves]
  const message =
    'is not a link, though .devshm/ says that it is in RAM: a command was ended half-way, or the file replaced'
  return [...seen, ...halves, { level: 'note', message, remedy: 'devshm detach   (puts it right)' }]
}
