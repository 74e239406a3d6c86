import { spawn } from 'node:child_process'
import { hash } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createFacts } from './facts.fixture.ts'

test('of two writes in one tick of the clock, the second is seen', () => {
  using facts = createFacts()
  const now = facts.open()
  for (let count = 0; count < 1_000; count += 1) {
    const content = `content ${String(count).padStart(6)}`
    facts.project.write('a', content)
    expect(now.hashOf('a')).toBe(hash('sha256', content))
  }
})

/** Writes as fast as it can, always the same size, and says what it wrote last. */
const WRITER = `
  const { writeFileSync } = require('node:fs')
  let count = 0
  process.stdin.on('data', () => {
    let content
    const end = Date.now() + 15
    while (Date.now() < end) writeFileSync(process.argv[1], content = 'content ' + String(count += 1).padStart(9))
    console.log(content)
  })`

test('what another process writes while it is hashed and kept is never missed', async () => {
  using facts = createFacts()
  facts.project.write('a', '')
  const child = spawn(process.execPath, ['-e', WRITER, facts.project.at('a')], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exit = once(child, 'exit')
  try {
    const lines = createInterface({ input: child.stdout })
    for (let round = 0; round < 25; round += 1) {
      let last: string | undefined
      const done = once(lines, 'line').then(([line]) => (last = String(line)))
      child.stdin.write('go\n')
      while (last === undefined) {
        const now = facts.open()
        now.hashOf('a')
        now.save()
        await setImmediate()
      }
      expect(facts.open().hashOf('a')).toBe(hash('sha256', await done))
    }
  } finally {
    child.stdin.end()
    await exit
  }
})

test('two that keep facts at once leave what one of them knows, whole', async () => {
  using facts = createFacts()
  const paths = Array.from({ length: 50 }, (_, index) => `${index}`)
  for (const path of paths) facts.project.write(path)
  await facts.settle()
  const [left, right] = [facts.open(), facts.open()]
  for (const path of paths) (Number(path) % 2 === 0 ? left : right).hashOf(path)
  left.save()
  right.save()
  const kept = JSON.parse(facts.content()) as { paths: string[] }
  expect(kept.paths).toEqual(paths.filter((path) => Number(path) % 2 === 1))
  writeFileSync(`${facts.cache}/stray.${process.pid}.new`, 'what a crash left')
  const now = facts.open()
  for (const path of paths) expect(now.hashOf(path)).toBe(hash('sha256', path))
})
