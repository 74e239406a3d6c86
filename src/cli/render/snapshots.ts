import { formatBytes } from '../../fs/format-bytes.ts'
import { formatTime, shorten } from './names.ts'

interface Listed {
  readonly origin: string
  readonly snapshots: readonly {
    readonly name: string
    readonly bytes: number
    readonly at: string
    readonly undo: boolean
  }[]
}

export function renderSnapshots({ origin, snapshots }: Listed, cwd: string): string[] {
  const name = shorten(origin, cwd)
  if (snapshots.length === 0) return [`${name} has no snapshots; devshm snapshot takes one`]
  const width = Math.max(...snapshots.map((snapshot) => snapshot.name.length))
  return [
    `${name}:`,
    ...snapshots.map(({ name: snapshot, bytes, at, undo }) => {
      const size = formatBytes(bytes).padStart(9)
      return `  ${snapshot.padEnd(width)}  ${size}  ${formatTime(at)}${undo ? '  devshm undo brings it back' : ''}`
    }),
  ]
}
