import { connectElsewhere } from './connect-elsewhere.ts'
import { attachIn, contextOf, detachIn, saveIn } from './in-process.ts'

/**
 * Does one operation and is killed, as by a power cut of this process alone, when it reaches the step `deadly`. At
 * `openAt` another process opens `opened`, so that the operation has to go back.
 */
const [origin = '', volume = '', action = '', deadly = '', openAt = '', opened = '', route] = process.argv.slice(2)
const context = contextOf({ origin, volume }, async (step) => {
  if (step === openAt) await connectElsewhere(opened)
  if (step === deadly) process.kill(process.pid, 'SIGKILL')
})
if (action === 'attach') await attachIn(context, 'keep', route === 'hook' ? 'hook' : 'link')
else if (action === 'save') await saveIn(context)
else if (action === 'detach') await detachIn(context)
