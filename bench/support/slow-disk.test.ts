import { expect, test } from 'vitest'
import { syncedIn, withSlowFsync } from './slow-disk.ts'

test('what strace saw synced is found once each', () => {
  const trace = [
    '12 fsync(25</home/a/.devshm/unfinished/attachment.json>) = 0',
    '12 fdatasync(7</dev/shm/live.sqlite3-journal>) = 0',
    '13 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=14} ---',
    '13 fsync(25</home/a/.devshm/unfinished/attachment.json>) = 0',
  ].join('\n')
  expect(syncedIn(trace)).toEqual(['/home/a/.devshm/unfinished/attachment.json', '/dev/shm/live.sqlite3-journal'])
})

test('only the files that are named are slow', () => {
  expect(withSlowFsync(8, ['true'], ['/a', '/b']).join(' ')).toContain(
    '-P /a -P /b -e trace=fsync,fdatasync -e inject=fsync,fdatasync:delay_exit=8000 true',
  )
})
