import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { readOwnFile } from '../fs/own-files.ts'

/** A file that is no code of ours: in `assets/` beside this code, where `scripts/build.ts` puts it beside the bundle. */
export function readAsset(name: string): string {
  const content = read(name)
  if (content === undefined) throw new Error(`devshm's own file ${name} is not there`)
  return content
}

/** Chartist for a page, as one script that needs nothing else. */
export function readChartist(): string {
  // Beside the source it is where it was installed.
  return (
    read('chartist.umd.js') ??
    readFileSync(createRequire(import.meta.url).resolve('chartist/dist/index.umd.js'), 'utf8')
  )
}

function read(name: string): string | undefined {
  const content = readOwnFile(`assets/${name}`, import.meta.url)
  return content && Buffer.from(content).toString('utf8')
}
