import { DevshmError, reasonOf, systemCodeOf } from '../errors.ts'

/** What to do about a failure of the system, by `errno`. */
const HINTS: Readonly<Record<string, string>> = {
  EACCES: 'check the permissions there',
  EBUSY: 'a file that is mounted by itself cannot be replaced: mount its folder instead',
  EDQUOT: 'free some of your quota and try again',
  EFBIG: 'a limit on the size of files is set, or the file system has one: see `ulimit -f`',
  EIO: 'the disk reports an error: look at the system log before anything else',
  ELOOP: 'a link there leads back to itself: mend or remove it',
  EMFILE: 'this process may not open more files: raise `ulimit -n`',
  ENAMETOOLONG: 'give it a shorter name',
  ENOSPC: 'free some space there and try again',
  ENOTDIR: 'a file is where a folder should be: check the path',
  EPERM: 'the file system or its flags do not allow it',
  EROFS: 'the file system is mounted read-only',
  EXDEV: 'a file that is mounted by itself cannot be replaced: mount its folder instead',
}

/**
 * A call that the system refused, as an error that says what to do; `undefined` for anything else, which is a bug.
 *
 * @param subject the path that it was about, where the message of the system does not say so
 */
export function systemFailure(error: unknown, subject?: string): DevshmError | undefined {
  const code = systemCodeOf(error)
  if (code === undefined || !(error instanceof Error) || !('syscall' in error)) return undefined
  const kind = code === 'ENOSPC' || code === 'EDQUOT' ? 'NO_SPACE' : 'IO'
  const message = subject === undefined ? reasonOf(error) : `${subject}: ${reasonOf(error)}`
  return new DevshmError(kind, message, { hint: HINTS[code], cause: error })
}
