/**
 * Record the session of the README: a real shop, served from RAM, edited, reset, compared and undone. Writes it between
 * the marks in README.md; with `--check` it only says whether what is there is still what happens (status 1 if not).
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { betweenMarks, withBetweenMarks } from './record/marks.ts'
import { playSession } from './record/play-session.ts'
import { withoutMeasurements } from './record/without-measurements.ts'

const README = join(import.meta.dirname, '../README.md')

const recorded = await playSession()
const readme = readFileSync(README, 'utf8')
if (!process.argv.includes('--check')) {
  writeFileSync(README, withBetweenMarks(readme, recorded))
} else if (withoutMeasurements(recorded) !== withoutMeasurements(betweenMarks(readme))) {
  console.error(`README.md shows another session than this one; npm run record writes it anew:\n\n${recorded}`)
  process.exitCode = 1
}
