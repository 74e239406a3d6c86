import { readYaml, type YamlMap } from './yaml.ts'

/** A database of one environment, as far as `config/database.yml` says it without being run. */
export interface RailsDatabase {
  /** `primary` where the environment has only one. */
  readonly name: string
  readonly adapter: string | undefined
  /** Relative to the application, or absolute; `undefined` where it is computed. */
  readonly path: string | undefined
  /** It has a `url`, over which no variable goes but those that it is made of. */
  readonly url: string | undefined
}

/** @returns `undefined` where it cannot be told */
export function databasesOf(content: string, environment: string): readonly RailsDatabase[] | undefined {
  const settings = readYaml(content)?.get(environment)
  if (!(settings instanceof Map) || settings.size === 0) return undefined
  const several = [...settings].flatMap(([name, value]) => (value instanceof Map ? [describe(name, value)] : []))
  return several.length === settings.size ? several : [describe('primary', settings)]
}

function describe(name: string, settings: YamlMap): RailsDatabase {
  const text = (key: string): string | undefined => {
    const value = settings.get(key)
    return typeof value === 'string' ? value : undefined
  }
  const path = text('database')
  return { name, adapter: text('adapter'), path: path?.includes('<%') === true ? undefined : path, url: text('url') }
}
