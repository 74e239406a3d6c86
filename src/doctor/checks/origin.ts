import { DevshmError } from '../../errors.ts'
import type { Context } from '../../session/context.ts'
import { examine } from '../../session/examine.ts'
import { examineOrigin, requireClosed } from '../../session/origin.ts'
import type { Observation } from '../finding.ts'
import type { Surroundings } from '../surroundings.ts'

/** Whether each database that is on disk could be attached: what attach itself would refuse, and why. */
export async function checkOrigin({ databases }: Surroundings): Promise<Observation[]> {
  return (await Promise.all(databases.map(look))).flat()
}

async function look(context: Context): Promise<Observation[]> {
  const { places, volume } = context
  const { route, lending } = await examine(places, volume)
  // What is lent was examined before it was lent.
  if (route !== undefined || lending !== undefined) return []
  const refusal = await refusalOf(places.origin, 'problem', () => examineOrigin(context))
  if (refusal !== undefined) return [refusal]
  const open = await refusalOf(places.origin, 'warning', () => requireClosed(context))
  return [open ?? { level: 'ok', subject: places.origin, message: 'can be attached' }]
}

async function refusalOf(
  subject: string,
  level: Observation['level'],
  attempt: () => Promise<unknown>,
): Promise<Observation | undefined> {
  try {
    await attempt()
    return undefined
  } catch (error) {
    if (!(error instanceof DevshmError)) throw error
    const { message, hint } = error
    const rest = message.startsWith(`${subject} `) ? message.slice(subject.length + 1) : message
    return { level, subject, message: rest, ...(hint !== undefined && { remedy: hint }) }
  }
}
