import { readFileSync, utimesSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createProject } from './project.fixture.ts'
import { readInput } from './read-input.ts'

test('a file that is written to while it is read is read again', () => {
  using project = createProject(['a'])
  let reads = 0
  const reading = readInput(project.at('a'), (file) => {
    const content = readFileSync(file, 'utf8')
    reads += 1
    if (reads === 1) project.write('a', 'then')
    return content
  })
  expect(reading?.value).toBe('then')
  expect(reads).toBe(2)
})

test('one that is written to all the time is taken as it came, and not remembered', () => {
  using project = createProject(['a'])
  let reads = 0
  const reading = readInput(project.at('a'), () => {
    reads += 1
    utimesSync(project.at('a'), reads, reads)
    return reads
  })
  expect(reading).toMatchObject({ value: 3, stamp: undefined })
})
