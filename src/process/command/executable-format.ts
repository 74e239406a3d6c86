import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs'

/** As much as the kernel itself reads to recognise a format (`BINPRM_BUF_SIZE`). */
const headerLength = 256

const elfMagic = Buffer.from('\x7fELF', 'latin1')
const elfExecutable = 2
const elfPositionIndependent = 3

/** The `e_machine` values that Linux on each of Node's architectures runs; one that is not listed is not judged. */
const machinesOf: Readonly<Partial<Record<NodeJS.Architecture, readonly number[]>>> = {
  x64: [62, 3],
  arm64: [183, 40],
}

export interface Obstacle {
  readonly reason: string
  readonly hint: string
}

/**
 * Why the kernel would refuse an executable file by its content, or `undefined` if nothing speaks against it.
 *
 * Worth knowing beforehand because the C library's `execvp` answers ENOEXEC by giving the file to `/bin/sh`,
 * which then "runs" a binary line by line. When in doubt (an unreadable file, a system that may have other
 * formats registered, not Linux) nothing is held against the file: starting it will tell.
 *
 * @see https://man7.org/linux/man-pages/man2/execve.2.html
 */
export function whyFormatCannotRun(file: string): Obstacle | undefined {
  const header = readHeader(file)
  if (header === undefined) return undefined
  if (header.toString('latin1', 0, 2) === '#!') return whyInterpreterCannotRun(header)
  if (process.platform !== 'linux' || !isBinary(header) || isNative(header) || hasRegisteredFormats()) return undefined
  return {
    reason: 'this machine cannot run a file of this format',
    hint: `It may be damaged or built for another system than ${process.platform}-${process.arch}: install it again here.`,
  }
}

function whyInterpreterCannotRun(header: Buffer): Obstacle | undefined {
  const interpreter = /^#![ \t]*([^ \t\n]+)[ \t\n]/.exec(header.toString())?.[1]
  // A relative interpreter is looked up from the working directory of the command: starting it will tell.
  if (interpreter === undefined || !interpreter.startsWith('/') || existsSync(interpreter)) return undefined
  return {
    reason: `its interpreter ${JSON.stringify(interpreter)} does not exist`,
    hint: interpreter.endsWith('\r')
      ? 'The file has Windows line endings: convert them (dos2unix).'
      : 'Install the interpreter or correct the first line of the file (a moved virtual environment must be made anew).',
  }
}

/** The rule of bash: a text file has no NUL in its first line. */
function isBinary(header: Buffer): boolean {
  const endOfLine = header.indexOf('\n')
  return header.subarray(0, endOfLine === -1 ? undefined : endOfLine).includes(0)
}

function isNative(header: Buffer): boolean {
  if (!header.subarray(0, elfMagic.length).equals(elfMagic) || header.length < 52) return false
  const isLittleEndian = header[5] === 1
  const type = isLittleEndian ? header.readUInt16LE(16) : header.readUInt16BE(16)
  const machine = isLittleEndian ? header.readUInt16LE(18) : header.readUInt16BE(18)
  return (
    (type === elfExecutable || type === elfPositionIndependent) && (machinesOf[process.arch]?.includes(machine) ?? true)
  )
}

/** Whether binfmt_misc has anything beyond its two control files: emulators, Java, the Windows programs of WSL. */
function hasRegisteredFormats(): boolean {
  try {
    return readdirSync('/proc/sys/fs/binfmt_misc').length > 2
  } catch {
    return false
  }
}

function readHeader(file: string): Buffer | undefined {
  try {
    const descriptor = openSync(file, 'r')
    try {
      const buffer = Buffer.alloc(headerLength)
      return buffer.subarray(0, readSync(descriptor, buffer))
    } finally {
      closeSync(descriptor)
    }
  } catch {
    // Execute permission without read permission is legal, and starting the program reports every other fault.
    return undefined
  }
}
