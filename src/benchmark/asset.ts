import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/** A file that is no code of ours: in `assets/` beside this code, where `scripts/build.ts` puts it beside the bundle. */
export function assetPath(name: string): string {
  return fileURLToPath(new URL(`./assets/${name}`, import.meta.url))
}

export function readAsset(name: string): string {
  return readFileSync(assetPath(name), 'utf8')
}

/** Chartist for a page, as one script that needs nothing else. */
export function readChartist(): string {
  const bundled = assetPath('chartist.umd.js')
  const path = existsSync(bundled) ? bundled : createRequire(import.meta.url).resolve('chartist/dist/index.umd.js')
  return readFileSync(path, 'utf8')
}
