import { contextOf } from '../../session/support/in-process.ts'
import { resetIn, restoreIn, undoIn } from './in-process.ts'

/**
 * Overwrites a database and is killed, as by a power cut of this process alone, when it reaches the step `deadly`. With
 * `during` it says when it begins to overwrite, and is to be killed from outside. `action` is `undo`, `reset to FILE`, or
 * what to restore.
 */
const [origin = '', volume = '', action = '', deadly = ''] = process.argv.slice(2)
const context = contextOf({ origin, volume }, (step) => {
  if (step === deadly) process.kill(process.pid, 'SIGKILL')
  if (deadly === 'during' && step === 'overwrite:kept') process.stdout.write('kept\n')
})
const [, template] = /^reset to (.*)$/.exec(action) ?? []
if (action === 'undo') await undoIn(context)
else if (template !== undefined) await resetIn(context, template)
else await restoreIn(context, action)
