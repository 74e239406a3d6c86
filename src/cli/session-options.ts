import type { Configuration } from '../project/configuration.ts'
import type { SessionOptions } from '../session/session.ts'
import type { AttachOptions } from './options.ts'

const DEFAULT_SAVE_EVERY_SECONDS = 30

/** The command line first, then the configuration, then the defaults. */
export function sessionOptions(
  options: AttachOptions,
  configuration: Configuration,
  about: Pick<SessionOptions, 'kind' | 'command' | 'route'>,
): SessionOptions {
  const saveEvery = options.saveEvery ?? configuration.saveEvery ?? DEFAULT_SAVE_EVERY_SECONDS
  return {
    ...about,
    saveEveryMs: saveEvery === 'off' ? undefined : saveEvery * 1000,
    journal: options.journal ?? configuration.journal ?? 'keep',
    requireRam: options.requireRam ?? configuration.requireRam ?? false,
  }
}
