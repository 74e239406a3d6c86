import { DEVSHM } from '../../support/playground.ts'
import { openTerminal } from '../../support/pty.ts'
import { createShellProject, type ShellProject } from '../../template/support/shell-project.ts'
import { settle } from './settle.ts'

/** A project, and what a person sees who works in it: commands, and below each what it printed. */
export interface Stage extends AsyncDisposable {
  readonly project: ShellProject
  /** Run devshm without a terminal; noted is what it prints on both streams, and its status if that is not 0. */
  devshm(...args: string[]): Promise<void>
  /** The same on a terminal of 80 columns; escapes are noted as `\e[…`. */
  onTerminal(...args: string[]): Promise<void>
  /** Note what a command would print. */
  printed(args: readonly string[], text: string): void
  /** What was noted, with all that differs between two runs replaced. */
  screen(): string
}

export async function openStage(): Promise<Stage> {
  const project = await createShellProject()
  let seen = ''
  const note = (args: readonly string[], printed: string, status: number): void => {
    const command = `$ devshm ${args.map(quoted).join(' ')}`.trimEnd()
    const end = status === 0 ? '' : `[status ${status}]\n`
    seen += `${seen === '' ? '' : '\n'}${command}\n${printed}${end}`
  }
  return {
    project,
    async devshm(...args) {
      const outcome = await project.command('sh', '-c', 'exec "$@" 2>&1', 'sh', ...DEVSHM, ...args)
      note(args, outcome.stdout, outcome.status)
    },
    async onTerminal(...args) {
      const { output, status } = await showOnTerminal(project, args)
      note(args, output.replaceAll('\x1b', String.raw`\e`), status)
    },
    printed: (args, text) => note(args, text, 0),
    screen: () => settle(seen, project),
    [Symbol.asyncDispose]: () => project[Symbol.asyncDispose](),
  }
}

/** What a terminal of 80 columns is sent. */
export async function showOnTerminal(
  project: ShellProject,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ output: string; status: number }> {
  const terminalEnv = { ...project.env, NO_COLOR: undefined, ...env }
  await using terminal = openTerminal([...DEVSHM, ...args], {
    cwd: project.folder,
    env: terminalEnv,
    type: env['TERM'] ?? 'xterm',
  })
  const status = await terminal.exit
  return { output: terminal.output.replaceAll('\r\n', '\n'), status }
}

function quoted(word: string): string {
  return /^[\w@./=:-]+$/.test(word) ? word : `'${word}'`
}
