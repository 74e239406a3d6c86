import { expect, test } from 'vitest'
import { createPlayground } from '../../../test/support/playground.ts'
import { machineWith, surroundingsOf } from '../pretend.fixture.ts'
import { checkLogout } from './logout.ts'

const SYSTEMD = { '/run/systemd/system/.keep': '' }
/** As Debian ships it: every setting with its default, as a comment. */
const AS_SHIPPED = { '/etc/systemd/logind.conf': '[Login]\n#NAutoVTs=6\n#RemoveIPC=yes\n#SessionsMax=8192\n' }
const ADA = { uid: 1000, user: 'ada' }

async function look(files: Record<string, string>, who = ADA, saveEvery?: 'off') {
  await using playground = await createPlayground()
  using machine = machineWith(files, who)
  const configuration = saveEvery === undefined ? {} : { saveEvery }
  return await checkLogout(await surroundingsOf(playground, { machine, configuration }))
}

test('a regular user is told that logind clears /dev/shm, and the remedy', async () => {
  expect(await look({ ...SYSTEMD, ...AS_SHIPPED })).toMatchObject([
    {
      level: 'note',
      message: expect.stringContaining('RemoveIPC is on'),
      remedy: expect.stringContaining('enable-linger ada'),
    },
  ])
})

test('without saving on a timer it is a warning', async () => {
  expect(await look({ ...SYSTEMD, ...AS_SHIPPED }, ADA, 'off')).toMatchObject([{ level: 'warning' }])
})

test('nothing is cleared for a user who lingers, for system users, or where systemd does not run', async () => {
  const lingering = { '/var/lib/systemd/linger/ada': '' }
  for (const observations of [
    await look({ ...SYSTEMD, ...AS_SHIPPED, ...lingering }),
    await look({ ...SYSTEMD, ...AS_SHIPPED }, { uid: 0, user: 'root' }),
    await look(AS_SHIPPED),
  ]) {
    expect(observations).toMatchObject([{ level: 'ok' }])
  }
})

test('RemoveIPC=no in a drop-in counts, and a stronger folder hides its namesake', async () => {
  const off = { '/usr/lib/systemd/logind.conf.d/50-keep.conf': '[Login]\nRemoveIPC=no\n' }
  expect(await look({ ...SYSTEMD, ...AS_SHIPPED, ...off })).toMatchObject([{ level: 'ok' }])
  const onAgain = { '/etc/systemd/logind.conf.d/50-keep.conf': '[Login]\nRemoveIPC=yes\n' }
  expect(await look({ ...SYSTEMD, ...AS_SHIPPED, ...off, ...onAgain })).toMatchObject([{ level: 'note' }])
})
