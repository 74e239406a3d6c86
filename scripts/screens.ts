/** Play the commands anew whose screens are kept in `test/screens/`: what a person sees of them. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SCENES } from '../test/screens/support/scenes.ts'
import { openStage } from '../test/screens/support/stage.ts'

for (const [name, play] of Object.entries(SCENES)) {
  await using stage = await openStage()
  await play(stage)
  writeFileSync(join(import.meta.dirname, '../test/screens', `${name}.txt`), stage.screen())
}
