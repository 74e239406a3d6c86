import type { DjangoProject } from '../../test/support/django.ts'
import type { DjangoServer } from '../../test/support/django/server.ts'
import type { Exit } from '../../test/support/django/started-process.ts'
import { devshmLines, devshmMilliseconds } from './devshm.ts'
import { seconds } from './report.ts'
import { lookInto, placeOrders } from './shop.ts'
import type { Contents } from './shop.ts'

export const ORDERS = 100
/** The name of the step that is nothing but commits. */
export const DELIVERY = 'delivery, one commit a piece'
const PIECES = '20'

export interface Timed {
  readonly name: string
  readonly ms: number
  /** What devshm says that it took of `ms`. */
  readonly devshm: number
}

export interface Walk {
  readonly steps: readonly Timed[]
  /** References of the orders placed over HTTP. */
  readonly placed: readonly string[]
  /** Pieces that a second terminal, without devshm, booked in while the server ran: one commit each. */
  readonly received: number
  /** What another process saw while the server ran: before the orders and the delivery, and after them. */
  readonly before: Contents
  readonly after: Contents
  readonly end: Exit
  /** What the server, and devshm around it, printed. */
  readonly output: string
}

/** Migrate, fill, serve, order and stop, each with `prefix` before the command; `whileServed` comes before the stop. */
export async function walk(
  project: DjangoProject,
  prefix: readonly string[],
  whileServed: (server: DjangoServer) => Promise<void> | void = () => {},
): Promise<Walk> {
  const shown = prefix.length === 0 ? '' : 'devshm run -- '
  // Compiles the copy's modules, which is no step of the day.
  await project.manage('check')

  const steps: Timed[] = []
  const step = async <T>(name: string, command: string, act: () => Promise<T>, printed: (result: T) => string) => {
    const start = performance.now()
    const result = await act()
    const ms = performance.now() - start
    steps.push({ name, ms, devshm: devshmMilliseconds(printed(result)) })
    say(command, ms, printed(result))
    return result
  }
  const manage = async (name: string, ...args: string[]) =>
    await step(
      name,
      `$ ${shown}python3 manage.py ${args.join(' ')}`,
      () => project.run([...prefix, ...project.manageCommand(...args)]),
      ({ stderr }) => stderr,
    )

  await manage('migrate', 'migrate')
  await manage('loaddata demo', 'loaddata', 'demo')
  const server = await step(
    'runserver, until it answers',
    `$ ${shown}python3 manage.py runserver`,
    () => project.startServer({ prefix }),
    ({ process }) => process.output,
  )
  const before = await lookInto(project)
  const placed = await step(
    `${ORDERS} orders over HTTP`,
    `  ${ORDERS} orders over HTTP`,
    () => placeOrders(server, ORDERS),
    () => '',
  )
  const { stdout } = await step(
    DELIVERY,
    `  $ python3 manage.py receive_goods --pieces ${PIECES}`,
    () => project.manage('receive_goods', '--pieces', PIECES),
    () => '',
  )
  const received = Number.parseInt(stdout, 10)
  console.log(`    (in a second terminal: ${received} pieces, a commit each)`)
  const after = await lookInto(project)
  await whileServed(server)
  const alreadyPrinted = server.process.output.length
  const end = await step(
    'Ctrl-C, until it has ended',
    '  ^C',
    () => server.stop('SIGINT'),
    () => server.process.output.slice(alreadyPrinted),
  )
  return { steps, placed, received, before, after, end, output: server.process.output }
}

/** What was done and how long it took, and below it what devshm said. */
export function say(command: string, ms: number, output = ''): void {
  console.log(`  ${command.padEnd(62)}${seconds(ms).padStart(12)}`)
  for (const line of devshmLines(output)) console.log(`    ${line}`)
}
