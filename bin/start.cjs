'use strict'

// Apart from devshm.cjs, because old versions of Node.js cannot even parse `import()`.
const fs = require('node:fs')
const path = require('node:path')
const url = require('node:url')

const built = path.join(__dirname, '..', 'dist', 'cli.cjs')

if (fs.existsSync(built)) {
  cacheCompiledCode()
  require(built)
} else {
  void import(url.pathToFileURL(path.join(__dirname, '..', 'src', 'cli', 'main.ts')).href)
}

/**
 * Let Node.js keep the compiled bundle in the user's cache folder, which saves some milliseconds of every start. Only
 * in a folder that is the user's own: whoever can write there decides what runs.
 */
function cacheCompiledCode() {
  const { DEVSHM_CACHE, XDG_CACHE_HOME, HOME } = process.env
  const caches = XDG_CACHE_HOME || (HOME && path.join(HOME, '.cache'))
  const folder = DEVSHM_CACHE || (caches && path.join(caches, 'devshm'))
  // In /proc, Node.js's recursive mkdir never returns.
  if (!folder || !path.isAbsolute(folder) || path.resolve(folder).startsWith('/proc/')) return
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
    const stats = fs.lstatSync(folder)
    if (!stats.isDirectory() || stats.uid !== process.geteuid() || (stats.mode & 0o022) !== 0) return
    require('node:module').enableCompileCache(path.join(folder, 'compiled'))
  } catch {
    // No cache, then: a read-only home, a full disk.
  }
}
