import { openInProc } from '../../src/process/open-files-proc.ts'

// How long a process that has just started takes for so many scans for holders, in milliseconds: COUNT
const [count] = process.argv.slice(2).map(Number)
const started = performance.now()
for (let done = 0; done < (count ?? 1); done += 1) openInProc(new Set(['0:0']))
process.stdout.write(String(performance.now() - started))
