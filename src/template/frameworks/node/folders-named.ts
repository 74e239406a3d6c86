import { posix } from 'node:path'
import type { NodePackage } from './node-package.ts'

/** A value: an array, a call, a template, a string or, up to the next comma, anything. */
export const VALUE: string = String.raw`(\[[^\]]*\]|[\w.]+\([^()]*\)|\x60[^\x60]*\x60|'[^'\n]*'|"[^"\n]*"|[^,\n}]+)`

/**
 * The folders that configuration names by `key: { directory: … }`, relative to the project's; those of all environments
 * together. `undefined` where it names none.
 */
export function foldersNamed(
  from: NodePackage,
  files: readonly string[],
  key: string,
  home: string,
): string[] | undefined {
  const block = new RegExp(String.raw`\b${key}['"]?\s*:\s*\{([^{}]*)\}`, 'g')
  const directory = new RegExp(String.raw`\bdirectory['"]?\s*:\s*${VALUE}`, 'g')
  const read = (content: string): string[] =>
    [...withoutPlaceholders(content).matchAll(block)]
      .flatMap(([, fields = '']) => [...fields.matchAll(directory)])
      .flatMap(([, value = '']) => pathsIn(value))
  const named = files.flatMap((file) => from.project.facts.derived(file, `folders of ${key} 1`, read) ?? [])
  return named.length === 0 ? undefined : [...new Set(named.map((path) => posix.join(home, path)))]
}

/** The paths in a value: what `join` or `resolve` put together, and each other string, where a name alone is a folder's. */
export function pathsIn(value: string): string[] {
  const calls = /\b(?:join|resolve)\(([^()]*)\)/g
  const joined = [...value.matchAll(calls)].map(([, parts = '']) => stringsIn(parts).join('/'))
  const others = stringsIn(value.replaceAll(calls, '')).map((path) => path.replace(/^\.?\//, ''))
  return [...joined, ...others].filter((path) => path !== '')
}

/** `${__dirname}/migrations` is read as `./migrations`. */
export function withoutPlaceholders(content: string): string {
  return content.replaceAll(/\$\{(?:__dirname|import\.meta\.dirname|process\.cwd\(\))\}/g, '.')
}

function stringsIn(value: string): string[] {
  return [...value.matchAll(/['"`]([^'"`\n]+)['"`]/g)].map(([, text = '']) => text)
}
