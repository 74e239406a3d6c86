import type { Row } from './report.ts'
import { sayMs, sayRatio } from './say-times.ts'
import { ratioOf } from './statistics.ts'

/** `2.9 to 4 ms`. */
export function spreadOf({ values }: Pick<Row, 'values'>): string {
  if (values.length === 1) return 'measured once'
  const [least, most] = [sayMs(Math.min(...values)), sayMs(Math.max(...values))]
  const [low = '', unit] = least.split(' ')
  return most.endsWith(` ${unit}`) ? `${low} to ${most}` : `${least} to ${most}`
}

/** `14 × as fast`, of the row that it is compared with. */
export function comparisonOf({ values, comparedTo }: Row, rows: readonly Row[]): string {
  const other = rows.find(({ id }) => id === comparedTo)
  return other === undefined ? '' : `${sayRatio(ratioOf(other.values, values))} as fast`
}
