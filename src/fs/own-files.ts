import { existsSync, readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getAsset, getAssetKeys, isSea } from 'node:sea'
import { fileURLToPath } from 'node:url'

/**
 * devshm's own files that are not part of the running code: workers, the hook for Python, what a page is made of. They lie beside the code
 * that needs them, both in the source and in the flat bundle; in the single-file executable they are its assets, under
 * the name that they have in `dist/`.
 */

/** What a worker is started from. @param beside `import.meta.url` of the module that starts it */
export function workerUrl(name: string, beside: string): URL {
  const asset = `${name}.worker.js`
  // Whole, so that it needs to find no other file: https://nodejs.org/api/esm.html#data-imports
  if (isEmbedded(asset))
    return new URL(`data:text/javascript;base64,${Buffer.from(getAsset(asset)).toString('base64')}`)
  return new URL(`./${name}.worker.${beside.endsWith('.ts') ? 'ts' : 'js'}`, beside)
}

/** The files in a folder, by name. @param beside `import.meta.url` of the module that needs them */
export async function readOwnFolder(name: string, beside: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const assets = isSea() ? getAssetKeys().filter((key) => key.startsWith(`${name}/`)) : []
  if (assets.length > 0)
    return new Map(assets.map((key) => [key.slice(name.length + 1), new Uint8Array(getAsset(key))]))
  const folder = fileURLToPath(new URL(`./${name}`, beside))
  const files = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile())
  return new Map(
    await Promise.all(files.map(async (file) => [file.name, await readFile(join(folder, file.name))] as const)),
  )
}

/** One file, by its path from the code that needs it, or `undefined`. @param beside `import.meta.url` of that module */
export function readOwnFile(path: string, beside: string): Uint8Array | undefined {
  if (isEmbedded(path)) return new Uint8Array(getAsset(path))
  const file = fileURLToPath(new URL(`./${path}`, beside))
  return existsSync(file) ? readFileSync(file) : undefined
}

/** Somebody else's executable, which has bundled devshm as a library, has other assets. */
function isEmbedded(asset: string): boolean {
  return isSea() && getAssetKeys().includes(asset)
}
