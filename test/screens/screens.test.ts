import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { SCENES } from './support/scenes.ts'
import { openStage } from './support/stage.ts'

test.concurrent.each(Object.entries(SCENES))(
  '%s: as it is kept, or `npm run screens` and look at what changed',
  async (name, play) => {
    await using stage = await openStage()
    await play(stage)
    expect(stage.screen()).toBe(readFileSync(join(import.meta.dirname, `${name}.txt`), 'utf8'))
  },
)

test('every screen that is kept is played', () => {
  const kept = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.txt'))
  expect(kept.toSorted()).toEqual(
    Object.keys(SCENES)
      .map((name) => `${name}.txt`)
      .toSorted(),
  )
})
