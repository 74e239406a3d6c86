import { copyFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Place } from '../place.ts'
import { PYTHON, run, workload } from '../programs.ts'
import type { Contender, Sample } from '../rounds.ts'
import type { Bench } from '../suite.ts'
import { resetContenders, RESETS } from './resets.ts'
import { plainly, type Dimension } from './dimension.ts'

const CYCLE = 'in and out'

/** Of about a hundred bytes. */
export const rows: Dimension = {
  x: 'rows',
  sizes: [1000, 10_000, 100_000, 1_000_000],
  quickSizes: [1000, 10_000],
  plots: [
    { file: 'growth-reset-rows.svg', title: 'Reset, by rows', unit: 'ms', ways: RESETS },
    {
      file: 'growth-save-rows.svg',
      title: 'Into RAM and to disk, by rows',
      unit: 'ms',
      ways: [
        { label: '`devshm attach`', isOurs: true, contender: CYCLE, quantity: 'attach' },
        { label: '`devshm save`', isOurs: true, contender: CYCLE, quantity: 'save' },
        { label: '`cp` into RAM', contender: CYCLE, quantity: 'cpIn' },
        { label: '`cp` to disk, `sync`', contender: CYCLE, quantity: 'cpOut' },
      ],
    },
  ],
  contendersAt: async (size, place, bench) => {
    copyFileSync(workload('make-rows.py'), join(place.cwd, 'make.py'))
    const setup = [{ run: `${PYTHON} make.py "$DATABASE" ${size}`, inputs: ['make.py'] }]
    const databases = { default: { path: 'db.sqlite3' } }
    writeFileSync(
      join(place.cwd, 'devshm.config.json'),
      JSON.stringify({ databases, setup, env: { DATABASE: '{path}' } }),
    )
    const resets = await resetContenders(bench, place, {
      inputs: ['make.py'],
      setup: [[PYTHON, 'make.py', 'db.sqlite3', String(size)]],
    })
    return plainly([...resets, cycle(bench, place)])
  },
}

/** Each `cp` right before devshm does the same. */
function cycle({ devshm }: Bench, place: Place): Contender {
  const { origin, ram } = place
  const timed = async (...line: [string, ...string[]]): Promise<number> => (await run(line, place)).ms
  const measure = async (): Promise<Sample> => {
    const [inRam, onDisk] = [join(ram, 'copy'), join(place.cwd, 'copy')]
    const cpIn = await timed('cp', origin, inRam)
    rmSync(inRam)
    const attach = await timed(...devshm, 'attach', '--save-every', 'off')
    await run([PYTHON, '-c', CHANGE, origin], place)
    const cpOut = await timed('sh', '-c', 'cp "$1" "$2" && sync "$2"', 'sh', origin, onDisk)
    rmSync(onDisk)
    const save = await timed(...devshm, 'save')
    await run([...devshm, 'detach'], place)
    return { cpIn, attach, cpOut, save }
  }
  return { name: CYCLE, measure }
}

const CHANGE =
  "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('update item set content = randomblob(80) where id = 1'); c.commit()"
