import type { SessionEvent } from '../../src/session/events.ts'

type EventOf<Type extends SessionEvent['type']> = Extract<SessionEvent, { readonly type: Type }>

/** The event of that type in what a command with `--json` wrote to its standard error. */
export function eventIn<Type extends SessionEvent['type']>(stderr: string, type: Type): EventOf<Type> {
  const events = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as SessionEvent)
  const isWanted = (event: SessionEvent): event is EventOf<Type> => event.type === type
  const found = events.find(isWanted)
  if (found === undefined) throw new Error(`there is no event "${type}" in:\n${stderr}`)
  return found
}
