import { Argument } from 'commander'
import type { Definition } from './definition.ts'

/** The commands that complete command lines in a shell. The last group: they know what the others have defined. */
export function defineCompletionCommands({ program, surroundings, finish }: Definition): void {
  program
    .command('completion')
    .summary('complete commands, options and names in your shell')
    .description(
      'Print what makes your shell complete the commands and options of devshm, and the names of snapshots and ' +
        'databases.\n\n' +
        '  bash  add to ~/.bashrc:  eval "$(devshm completion bash)"\n' +
        '  zsh   add to ~/.zshrc, after compinit:  eval "$(devshm completion zsh)"\n' +
        '  fish  devshm completion fish > ~/.config/fish/completions/devshm.fish',
    )
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: string) => {
      const { completion } = await import('../commands/completion.ts')
      finish(await completion(shell))
    })
  program
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .passThroughOptions()
    .action(async (words: string[]) => {
      const { answerShell } = await import('../commands/completion.ts')
      finish(await answerShell(program, words, surroundings.cwd))
    })
}
