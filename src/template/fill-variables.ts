/** Where the private databases are that variables lead to. */
export interface PrivatePlaces {
  /** The name of the database that `{path}` means. */
  readonly first: string
  readonly pathOf: (name: string) => string
  /** A folder to throw away. */
  readonly folder: string
}

/** `{path}` is the first database's private path, `{path:NAME}` that of the one called so, `{folder}` a folder to throw away. */
export function fillVariables(
  variables: Readonly<Record<string, string>>,
  { first, pathOf, folder }: PrivatePlaces,
): Record<string, string> {
  const fill = (value: string): string =>
    value
      .replaceAll('{path}', () => pathOf(first))
      .replaceAll(/\{path:([^}]+)\}/g, (_all, name: string) => pathOf(name))
      .replaceAll('{folder}', () => folder)
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, fill(value)]))
}
