'use strict'

// Apart from devshm.cjs, because old versions of Node.js cannot even parse `import()`.
const fs = require('node:fs')
const path = require('node:path')
const url = require('node:url')

const built = path.join(__dirname, '..', 'dist', 'cli.cjs')

if (fs.existsSync(built)) require(built)
else void import(url.pathToFileURL(path.join(__dirname, '..', 'src', 'cli', 'main.ts')).href)
