import { parentPort, workerData } from 'node:worker_threads'
import { DevshmError, reasonOf } from '../../../errors.ts'
import { sqliteCodeOf, untilNotBusy } from '../busy.ts'
import { backup, connect } from '../connection.ts'
import { GO, type HeldCopyMessage, type HeldCopyOrders } from './held-copy.ts'

const { from, to, rate, timeoutMs, gate } = workerData as HeldCopyOrders

function tell(message: HeldCopyMessage): void {
  parentPort?.postMessage(message)
}

const source = connect(from, 'private')
let isFirst = true
const copy = async (): Promise<void> => {
  await backup(source, to, {
    rate,
    onProgress: (done, total) => {
      if (isFirst) {
        isFirst = false
        tell({ is: 'locked' })
        Atomics.wait(gate, 0, 0)
        if (Atomics.load(gate, 0) !== GO) throw new Error('stopped')
      }
      tell({ is: 'progress', done, total })
    },
  })
}
try {
  await untilNotBusy(to, copy, { timeoutMs })
  tell({ is: 'done' })
} catch (error) {
  const isBusy = error instanceof DevshmError && error.code === 'BUSY'
  tell(isBusy ? { is: 'busy' } : { is: 'failed', reason: reasonOf(error), errcode: sqliteCodeOf(error) })
} finally {
  source.close()
}
