import { expect, test } from 'vitest'
import { mountOf, parseMountInfo } from './mounts.ts'

const MOUNTINFO = `27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
25 24 0:23 / /dev/shm rw,nosuid,nodev shared:4 - tmpfs tmpfs rw,size=65536k
30 25 0:27 / /dev/shm rw,relatime - tmpfs shm rw,size=24684096k
91 27 0:50 / /mnt/my\\040share rw,relatime shared:7 master:1 - nfs4 server:/export rw,vers=4.2
92 27 0:51 / /srv ro,relatime - ext4 /dev/sdb1 rw
`

test('a path is on the deepest mount, and of several at one place on the last', () => {
  const mounts = parseMountInfo(MOUNTINFO)
  expect(mountOf('/dev/shm/devshm-0', mounts)).toMatchObject({ type: 'tmpfs', source: 'shm' })
  expect(mountOf('/dev/shmem', mounts)).toMatchObject({ type: 'ext4', mountPoint: '/' })
})

test('a mount point with spaces, and optional fields, are read', () => {
  const mount = mountOf('/mnt/my share/db.sqlite3', parseMountInfo(MOUNTINFO))
  expect(mount).toEqual({
    mountPoint: '/mnt/my share',
    type: 'nfs4',
    source: 'server:/export',
    isReadOnly: false,
    options: ['rw', 'vers=4.2'],
  })
})

test('a mount is read-only when the mount or the file system is', () => {
  expect(mountOf('/srv/db', parseMountInfo(MOUNTINFO))?.isReadOnly).toBe(true)
})
