import { spawn, type ChildProcess } from 'node:child_process'
import { DevshmError } from '../errors.ts'
import type { Report } from './events.ts'
import type { HolderMessage, HolderOrders } from './holder-messages.ts'

/**
 * Start the background process that keeps databases in RAM, and wait until they are. It outlives this process, its
 * terminal and its session; `devshm detach` or SIGTERM ends it.
 *
 * @throws {DevshmError} what the holder failed with; it has ended then and every origin is as before
 */
export async function startHolder(
  program: readonly string[],
  orders: HolderOrders,
  report: Report,
): Promise<{ pid: number }> {
  const [node = process.execPath, ...args] = program
  const holder = spawn(node, [...args, JSON.stringify(orders)], {
    // Not in the project's folder, which must stay free to be removed or unmounted.
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  await untilReady(holder, report)
  holder.disconnect()
  holder.unref()
  return { pid: holder.pid ?? 0 }
}

async function untilReady(holder: ChildProcess, report: Report): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    holder.on('message', (message: HolderMessage) => {
      if (message.type === 'event') report(message.event)
      else if (message.type === 'ready') resolve()
      else reject(new DevshmError(message.code ?? 'IO', message.message, message))
    })
    holder.once('error', reject)
    holder.once('exit', (code, signal) => {
      reject(
        new DevshmError('IO', `the background process ended before it was ready (${signal ?? `status ${code}`})`, {
          hint: 'run `devshm status` to see where the database is; any devshm command that acts puts things right',
        }),
      )
    })
  })
}
