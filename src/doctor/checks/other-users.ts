import { dirname } from 'node:path'
import type { BigIntStats } from 'node:fs'
import { lookAt, lookThrough } from '../../fs/look.ts'
import type { Context } from '../../session/context.ts'
import { listOpeners } from '../../session/list-openers.ts'
import type { Observation } from '../finding.ts'
import { readSystemFile, type Machine } from '../machine.ts'
import type { Surroundings } from '../surroundings.ts'

const REMEDY = 'run devshm and the app as the same user, or run the app on disk, without devshm'
const GROUP_MAY_WRITE = 0o020n
const OTHERS_MAY_WRITE = 0o002n
const STICKY = 0o1000n

/** The RAM of a database is in a folder that only its user can enter: an app of another user stays outside. */
export async function checkOtherUsers({ databases, machine }: Surroundings): Promise<Observation[]> {
  return await Promise.all(databases.map((context) => look(context, machine)))
}

async function look({ places, engine }: Context, machine: Machine): Promise<Observation> {
  const { origin } = places
  const cannot = `could not enter the RAM folder of ${machine.user}, which is closed to all others (0700)`
  const openers = await engine.findOpeners(origin)
  const strangers = openers.filter(({ pid }) => {
    const owner = lookAt(`/proc/${pid}`)?.uid
    return owner !== undefined && Number(owner) !== machine.uid
  })
  if (strangers.length > 0) {
    const message = `is open in ${listOpeners(strangers)}, which runs as another user and ${cannot}`
    return { level: 'problem', subject: origin, message, remedy: REMEDY }
  }
  const [file, folder] = [lookThrough(origin), lookAt(dirname(origin))]
  const reason = (file && strangersIn(file, machine)) ?? (folder && strangersIn(folder, machine, 'its folder '))
  if (reason === undefined) return { level: 'ok', subject: origin, message: `is for ${machine.user} alone to write` }
  const message = `${reason}: an app that runs as another user ${cannot}`
  return { level: 'warning', subject: origin, message, remedy: REMEDY }
}

function strangersIn(stats: BigIntStats, machine: Machine, what = ''): string | undefined {
  if (Number(stats.uid) !== machine.uid) {
    return `${what}belongs to ${nameIn(machine, '/etc/passwd', stats.uid)}, and you are ${machine.user}`
  }
  // In a folder such as /tmp each may only touch what is theirs.
  if ((stats.mode & OTHERS_MAY_WRITE) !== 0n && (stats.mode & STICKY) === 0n) return `${what}is writable for all users`
  // Many systems give each user a group of their own, and let it write.
  if ((stats.mode & GROUP_MAY_WRITE) === 0n || Number(stats.gid) === ownGroup(machine)) return undefined
  return `${what}is writable for the group ${nameIn(machine, '/etc/group', stats.gid)}`
}

function ownGroup(machine: Machine): number | undefined {
  const line = readSystemFile(machine, '/etc/passwd')
    ?.split('\n')
    .find((entry) => entry.split(':')[2] === `${machine.uid}`)
  return line === undefined ? process.getegid?.() : Number(line.split(':')[3])
}

function nameIn(machine: Machine, file: string, id: bigint): string {
  const entries =
    readSystemFile(machine, file)
      ?.split('\n')
      .map((line) => line.split(':')) ?? []
  return entries.find(([, , number]) => number === `${id}`)?.[0] ?? `${id}`
}
