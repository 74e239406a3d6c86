import { copyElsewhere } from './copy-elsewhere.ts'

/** Only for tests: a process that copies, to be killed meanwhile. */
const [from = '', to = ''] = process.argv.slice(2)
process.exitCode = (await copyElsewhere(from, to)) ? 0 : 1
