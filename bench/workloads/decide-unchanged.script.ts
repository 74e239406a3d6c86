import { listFiles } from '../../src/template/inputs/list-files.ts'
import { matchInputs } from '../../src/template/inputs/match-inputs.ts'
import { openFileFacts } from '../../src/template/inputs/open-file-facts.ts'

// How long a process that has just started takes to hash all inputs of a project, in milliseconds, and what is kept of
// it for the next one in CACHE, if that is there: ROOT CACHE
const [root = '', cache = ''] = process.argv.slice(2)
const started = performance.now()
const inputs = matchInputs(listFiles(root), ['**/migrations/**/*.py', 'requirements*.txt', '!**/draft_*'])
const facts = openFileFacts(root, cache)
const hashes = inputs.map((path) => facts.hashOf(path))
const ms = performance.now() - started
facts.save()
process.stdout.write(JSON.stringify({ ms, inputs: hashes.filter((hash) => hash !== undefined).length }))
