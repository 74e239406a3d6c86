import { rmSync } from 'node:fs'

const INTERRUPTING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Until it is disposed of, a signal that ends this process takes the folder with it: for what no later command would
 * find and clear away. The process ends of that signal, as it would have.
 */
export function removeOnInterrupt(path: string): Disposable {
  const stop = (): void => {
    for (const name of INTERRUPTING) process.off(name, onSignal)
  }
  const onSignal = (name: NodeJS.Signals): void => {
    rmSync(path, { recursive: true, force: true })
    stop()
    process.kill(process.pid, name)
  }
  for (const name of INTERRUPTING) process.on(name, onSignal)
  return { [Symbol.dispose]: stop }
}
