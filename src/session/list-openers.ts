import type { Opener } from '../process/open-files.ts'

/** `python manage.py runserver (pid 4711) and 2 more`: for messages. */
export function listOpeners(openers: readonly Pick<Opener, 'pid' | 'command'>[]): string {
  const named = openers.slice(0, 3).map(({ pid, command }) => `${command} (pid ${pid})`)
  const more = openers.length - named.length
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ')
}
