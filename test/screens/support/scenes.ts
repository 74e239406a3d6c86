import type { Command } from 'commander'
import { readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { renderFindings } from '../../../src/cli/render/doctor.ts'
import { buildProgram } from '../../../src/cli/program.ts'
import type { Finding } from '../../../src/doctor/finding.ts'
import { openElsewhere } from '../../support/other-program.ts'
import { endHolders } from '../../support/playground.ts'
import type { Stage } from './stage.ts'

type Scene = (stage: Stage) => Promise<void>

const FINDINGS: readonly Finding[] = [
  {
    check: 'git',
    level: 'problem',
    subject: '/home/ann/shop/db.sqlite3',
    message: 'is tracked by git, which replaces the link with a file at the next checkout',
    remedy: 'git rm --cached db.sqlite3\nand add it to .gitignore',
  },
  { check: 'memory', level: 'warning', subject: 'memory', message: '120 MB available, 310 MB needed with journals' },
  { check: 'logout', level: 'note', subject: 'logout', message: 'systemd clears RAM then', remedy: 'log out last' },
  ...['is on disk (12.4 MB)', 'is on ext4', 'is for ann alone to write', 'has a rollback journal'].map(
    (message) => ({ check: 'databases', level: 'ok', subject: '/home/ann/shop/db.sqlite3', message }) as const,
  ),
  { check: 'versions', level: 'ok', subject: 'Node.js', message: '24.21.0' },
]

/** What is played for each file in `test/screens/`, by its name. */
export const SCENES: Readonly<Record<string, Scene>> = {
  async 'reset-and-undo'({ project, devshm }) {
    await devshm('status')
    await devshm('template', 'explain')
    await devshm('reset')
    await devshm('reset')
    project.sql("insert into item (name) values ('three')")
    await devshm('reset')
    await devshm('undo')
    await devshm('undo')
    project.write('fixtures/items.sql', "insert into item (name) values ('one'), ('2');")
    await devshm('template', 'explain')
    await devshm('reset')
    project.write('fixtures/items.sql', 'insert into nothing values (1);')
    await devshm('reset')
    await devshm('template', 'list')
    await devshm('template', 'prune', '--all')
  },
  async 'attach-and-status'({ project, devshm }) {
    project.sql('create table item (id integer primary key, name text)')
    await devshm('status')
    await devshm('status', '--all')
    await devshm('attach')
    await devshm('status')
    await devshm('attach')
    await devshm('save')
    project.sql("insert into item (name) values ('one')")
    await devshm('save')
    await devshm('snapshot', 'friday')
    await devshm('status')
    {
      await using app = await openElsewhere(project.origin)
      await app.sql('select * from item')
      await devshm('detach')
    }
    await devshm('detach')
    await devshm('detach')
    await devshm('save')
    await devshm('detach', '--all')
    await devshm('run', '--', 'true')
    await devshm('run', '--', 'sqlite3', 'db.sqlite3', 'delete from item')
  },
  async 'after-a-crash'({ project, devshm }) {
    project.sql('create table item (id integer primary key, name text)')
    await devshm('attach')
    project.sql("insert into item (name) values ('one')")
    await endHolders(project.volume)
    await devshm('status')
    await devshm('run', '--', 'true')
    await devshm('attach')
    await endHolders(project.volume)
    for (const name of readdirSync(project.volume)) rmSync(join(project.volume, name), { recursive: true })
    await devshm('status')
    await devshm('detach')
    await devshm('attach')
    // Otherwise it would put this right by itself, sooner or later.
    await endHolders(project.volume)
    project.sql("insert into item (name) values ('in RAM')")
    rmSync(project.origin)
    await devshm('status')
    await devshm('detach')
  },
  async snapshots({ project, devshm }) {
    await devshm('snapshots')
    await devshm('snapshot', 'friday')
    await devshm('reset')
    await devshm('snapshot', 'friday')
    await devshm('snapshot')
    await devshm('snapshot', 'friday')
    project.sql('delete from item')
    await devshm('restore', 'friday')
    await devshm('snapshots')
    await devshm('restore', 'monday')
    await devshm('restore', '@before-undo')
    await devshm('snapshots', 'rm', 'monday')
    await devshm('snapshots', 'rm', 'friday', 'snapshot-1')
    await devshm('snapshots')
  },
  async diff({ project, devshm, onTerminal }) {
    await devshm('diff')
    await devshm('reset')
    await devshm('diff')
    project.sql(
      "update item set name = 'first' where id = 1; insert into item (name) values ('three'); delete from item where id = 2",
    )
    await devshm('diff')
    await devshm('diff', '--rows')
    project.sql('alter table item add column price integer; create table tag (name text)')
    await devshm('diff', '--rows', '--limit', '1')
    await onTerminal('diff')
    await onTerminal('diff', '--rows')
    await devshm('diff', 'monday')
  },
  async clones({ devshm }) {
    await devshm('clone')
    await devshm('clone', 'rm', '/nowhere')
    await devshm('test', '--', 'sh', '-c', 'sqlite3 "$DEVSHM_CLONE_1" "delete from item"; exit 3')
    await devshm('test', '--', 'true')
  },
  async errors({ project, devshm, onTerminal }) {
    await devshm('reset')
    await devshm('run', '--', 'no-such-command')
    await devshm('status', '--db', 'nowhere/db.sqlite3')
    await devshm('snapshot', '../friday')
    {
      await using app = await openElsewhere(project.origin)
      await app.script("begin exclusive; insert into item (name) values ('three')")
      await devshm('restore', 'fixtures/items.sql')
      await devshm('reset', '--timeout', '0')
    }
    project.write('text.sqlite3', 'no database')
    await devshm('attach', '--db', 'text.sqlite3')
    await onTerminal('attach', '--db', 'text.sqlite3')
    project.write('devshm.config.json', '{ "databses": {} }')
    await devshm('status')
    project.write('devshm.config.json', '{}')
    await devshm('reset')
    renameSync(join(project.folder, 'db.sqlite3'), join(project.folder, 'one.sqlite3'))
    project.sql('create table t (a)', join(project.folder, 'two.sqlite3'))
    rmSync(join(project.folder, 'text.sqlite3'))
    await devshm('status')
  },
  async usage({ devshm, onTerminal }) {
    await devshm('stauts')
    await devshm('snapshots', 'remove')
    await devshm('status', 'db.sqlite3')
    await devshm('status', '--wat')
    await devshm('run')
    await devshm('run', '--db')
    await devshm('run', '--save-every', 'x', '--', 'true')
    await devshm('run', '--journal', 'x', '--', 'true')
    await devshm('completion', 'tcsh')
    await devshm('status', '--wat', '--json')
    await onTerminal('stauts')
  },
  // What it finds depends on the machine.
  async doctor({ devshm, printed }) {
    printed(['doctor'], `${renderFindings(FINDINGS, '/home/ann/shop').join('\n')}\n`)
    printed(['doctor'], `${renderFindings(FINDINGS.slice(3), '/home/ann/shop').join('\n')}\n`)
    await devshm('doctor', 'db.sqlite3')
  },
  async help({ devshm, onTerminal, printed }) {
    await devshm()
    for (const command of documented(buildProgram({ cwd: '/', env: {}, program: [] }, () => undefined))) {
      printed([...pathOf(command), '--help'], command.helpInformation())
    }
    await onTerminal('save', '--help')
  },
}

/** Every command that has a help page. */
function documented(command: Command): readonly Command[] {
  const shown = command
    .createHelp()
    .visibleCommands(command)
    .filter((one) => one.name() !== 'help')
  return shown.flatMap((one) => [one, ...documented(one)])
}

function pathOf(command: Command): readonly string[] {
  return command.parent === null ? [] : [...pathOf(command.parent), command.name()]
}
