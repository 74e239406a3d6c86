import type { Place } from './place.ts'

/** One command, in one situation, to be interrupted at each of its calls. */
export interface CrashCase {
  readonly name: string
  /** Make the situation that the command is started in. Whatever runs then is killed before it begins. */
  prepare(place: Place): Promise<void>
  readonly command: readonly string[]
  /** The next command that acts: run twice, and the second time it changes nothing. */
  readonly next: readonly string[]
  /** What the next command prints is the same as if nothing had happened. */
  readonly isAnswerSame?: boolean
  /** An app has the database open: for as long as the command runs. */
  readonly isOpen?: boolean
  /** Before the next command the path may lead nowhere: the RAM is gone. */
  readonly isRamGone?: boolean
  /** What the next command writes anew each time, by its name. */
  readonly rewrites?: RegExp
  /** What may be there afterwards although it is not there when nothing goes wrong. */
  readonly mayLeave?: RegExp
  /** The same where an error is what went wrong. */
  readonly mayLeaveIfFailed?: RegExp
  /** What is not a folder's content: mounts. */
  cleanUp?(place: Place): void
  /** Only for root. */
  readonly needsMount?: boolean
}
