export type YamlMap = Map<string, string | YamlMap>

const LINE = /^( *)(?:"([^"]+)"|'([^']+)'|([\w.<-]+)) *:(?: +(.*))?$/

/**
 * The part of YAML that a `database.yml` is written in: maps in maps by indentation, anchors on them, merges of them,
 * plain and quoted values. Values with ERB in them are kept as they are.
 *
 * @returns `undefined` where there is more to it than that
 */
export function readYaml(content: string): YamlMap | undefined {
  const root: YamlMap = new Map()
  const anchors = new Map<string, YamlMap>()
  const open: { indent: number; map: YamlMap }[] = [{ indent: -1, map: root }]
  for (const line of content.split(/\r?\n/)) {
    if (/^\s*(#.*)?$|^---\s*$/.test(line)) continue
    const [, spaces, doubly, singly, plain, rest = ''] = LINE.exec(line) ?? []
    const key = doubly ?? singly ?? plain
    if (spaces === undefined || key === undefined) return undefined
    while ((open.at(-1)?.indent ?? -1) >= spaces.length) open.pop()
    const map = open.at(-1)?.map ?? root
    const value = withoutComment(rest)
    if (key === '<<') {
      for (const name of value.match(/(?<=\*)[\w-]+/g) ?? []) merge(map, anchors.get(name))
    } else if (value === '' || value.startsWith('&')) {
      const child: YamlMap = new Map()
      map.set(key, child)
      open.push({ indent: spaces.length, map: child })
      if (value !== '') anchors.set(value.slice(1).trim(), child)
    } else {
      map.set(key, value.replace(/^(['"])(.*)\1$/, '$2'))
    }
  }
  return root
}

function withoutComment(value: string): string {
  return value.replace(/(^|\s)#.*$/, '').trim()
}

/** What is there already goes over what is merged. */
function merge(map: YamlMap, from: YamlMap | undefined): void {
  for (const [key, value] of from ?? []) if (!map.has(key)) map.set(key, value)
}
