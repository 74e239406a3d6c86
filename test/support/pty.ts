import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { HANGS_AFTER_MS } from './playground.ts'

export interface TerminalOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** `TERM`; `dumb` by default, which gets neither colours nor progress. */
  readonly type?: string
}

/** A program on a real pseudo terminal, and the person at it. */
export interface Terminal extends AsyncDisposable {
  /** Everything the terminal has shown so far: the program's output and the echo of what was typed. */
  readonly output: string
  /** Fulfilled with the program's exit status, or 128 + n for signal n, once it has ended and all output is here. */
  readonly exit: Promise<number>
  /** Type something: `'\r'` is Enter, `'\x03'` Ctrl-C, `'\x1a'` Ctrl-Z, `'\x1c'` Ctrl-\, `'\x04'` Ctrl-D. */
  write(keys: string): void
  /**
   * Wait for output that matches, after what the last `waitFor` matched (as in expect(1)).
   *
   * @throws with all of the output if nothing matches within `timeoutMs` ({@link HANGS_AFTER_MS}) or before the program ends
   */
  waitFor(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>
  /** Close the terminal window: the kernel sends SIGHUP. */
  close(): void
}

/**
 * Run a program as the session leader of a new pseudo terminal, in its foreground. For job control (Ctrl-Z,
 * `fg`) run a shell, see {@link openShell}: the kernel does not stop a group that nobody could continue.
 *
 * On disposal the terminal is closed and whatever is left of the session is killed.
 */
export function openTerminal(argv: readonly string[], options: TerminalOptions = {}): Terminal {
  const host = spawn('/usr/bin/python3', [join(import.meta.dirname, 'pty-host.py'), ...argv], {
    cwd: options.cwd,
    env: { ...(options.env ?? process.env), TERM: options.type ?? 'dumb' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let output = ''
  let matchedUpTo = 0
  let hasEnded = false
  const changes = new EventTarget()
  const changed = (): boolean => changes.dispatchEvent(new Event('change'))

  host.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    changed()
  })
  host.stdin.on('error', () => {
    // The program has ended meanwhile: `exit` tells.
  })
  const exit = new Promise<number>((resolve, reject) => {
    host.once('error', reject)
    host.once('close', (status) => {
      hasEnded = true
      changed()
      if (status === null) reject(new Error(`the terminal's host was killed; it showed:\n${output}`))
      else resolve(status)
    })
  })
  // A test that does not look at the status must not fail through it.
  exit.catch(() => {})

  const nextChange = async (deadline: AbortSignal): Promise<void> => {
    await new Promise<void>((resolve) => {
      changes.addEventListener('change', () => resolve(), { once: true })
      deadline.addEventListener('abort', () => resolve(), { once: true })
    })
  }

  return {
    get output() {
      return output
    },
    exit,
    write(keys) {
      host.stdin.write(keys)
    },
    async waitFor(pattern, timeoutMs = HANGS_AFTER_MS) {
      const deadline = AbortSignal.timeout(timeoutMs)
      for (;;) {
        const match = pattern.exec(output.slice(matchedUpTo))
        if (match !== null) {
          matchedUpTo += match.index + match[0].length
          return match
        }
        if (hasEnded || deadline.aborted) {
          const why = hasEnded ? 'the program ended' : `${timeoutMs} ms passed`
          throw new Error(`${why} without ${pattern} in the rest of the terminal's output:\n${output}`)
        }
        await nextChange(deadline)
      }
    },
    close() {
      host.stdin.end()
    },
    async [Symbol.asyncDispose]() {
      host.stdin.end()
      await Promise.race([exit.catch(() => {}), delay(40_000, undefined, { ref: false })])
    },
  }
}

/** An interactive bash with job control, its prompt being `shell> `, waiting for the first command. */
export async function openShell(options: TerminalOptions = {}): Promise<Terminal> {
  const terminal = openTerminal(['bash', '--norc', '--noprofile', '-i'], {
    ...options,
    env: { ...(options.env ?? process.env), HISTFILE: '/dev/null' },
  })
  // Typed, because bash takes no prompt from the environment of root.
  await terminal.waitFor(/[#$] $/)
  terminal.write("PS1='shell> '\r")
  await terminal.waitFor(/\nshell> $/)
  return terminal
}
