import type { ErrorCode } from '../errors.ts'

/** The one place that maps failures to exit statuses: 2 for a wrong call, 1 for a failure, 126 and 127 as shells do. */
export function exitStatusOf(code: ErrorCode): number {
  switch (code) {
    case 'USAGE':
    case 'CONFIGURATION':
    case 'DATABASE_AMBIGUOUS':
    case 'DATABASE_NOT_FOUND':
      return 2
    case 'COMMAND_NOT_EXECUTABLE':
      return 126
    case 'COMMAND_NOT_FOUND':
      return 127
    case 'INTERRUPTED':
      return 130
    default:
      return 1
  }
}
