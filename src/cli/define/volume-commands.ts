import { InvalidArgumentError, type Command } from 'commander'
import { parseSize } from '../../volume/make/size.ts'
import type { CommonOptions } from '../options.ts'
import type { Definition } from './definition.ts'

/** In bytes. What is not filled takes no memory. */
const USUAL_SIZE = 512 * 2 ** 20

/** The commands that make folders in RAM, and look after what is in them. */
export function defineVolumeCommands({ program, finish, common }: Definition): void {
  const volume = program
    .command('volume')
    .summary('folders in RAM: create, list, sweep, remove')
    .description('Make file systems in RAM for databases, see what is in them, and remove them again.')
  withOutputOptions(volume.command('create'))
    .summary('mount a file system in RAM')
    .description(
      'Mount a file system in RAM that is closed to all other users: a tmpfs on Linux, which takes root (with sudo it is ' +
        'for the user who called it), and a RAM disk on macOS. It stays until it is removed, or until a restart.',
    )
    .argument('<path>', 'where: an empty folder, or a new one in a folder that exists')
    .option('--size <size>', '128M, 2G, …; a number alone is in megabytes (default: 512M)', readSize)
    .action(async (path: string, flags: Partial<CommonOptions> & { size?: number }) => {
      const { createNamedVolume } = await import('../commands/volume.ts')
      finish(await createNamedVolume(path, { size: USUAL_SIZE, ...common(flags) }))
    })
  withOutputOptions(volume.command('list'))
    .summary('folders in RAM, and what each project has in them')
    .description('List the folders in RAM that are of use here, and what each project of this user takes of them.')
    .action(async (flags: Partial<CommonOptions>) => {
      const { listAllVolumes } = await import('../commands/volume.ts')
      finish(await listAllVolumes(common(flags)))
    })
  withOutputOptions(volume.command('sweep'))
    .summary('remove from RAM what was left behind and is on disk')
    .description(
      'Remove databases from RAM that no project leads to any more, if what they hold is on disk, byte by byte. The others ' +
        'stay and are named. devshm does the same by itself while a session runs.',
    )
    .action(async (flags: Partial<CommonOptions>) => {
      const { sweepVolumes } = await import('../commands/volume.ts')
      finish(await sweepVolumes(common(flags)))
    })
  withOutputOptions(volume.command('remove'))
    .summary('unmount a folder that devshm volume create made')
    .description(
      'Unmount a volume and give its memory back. It is refused while a database, or any other file, is in it.',
    )
    .argument('<path>', 'as devshm volume list shows it')
    .action(async (path: string, flags: Partial<CommonOptions>) => {
      const { removeNamedVolume } = await import('../commands/volume.ts')
      finish(await removeNamedVolume(path, common(flags)))
    })
}

function withOutputOptions(command: Command): Command {
  return command.option('--json', 'print JSON for programs').option('--verbose', 'print where an error came from')
}

function readSize(value: string): number {
  const bytes = parseSize(value)
  if (bytes === undefined || bytes === 0) throw new InvalidArgumentError('It takes a size, such as 128M or 2G.')
  return bytes
}
