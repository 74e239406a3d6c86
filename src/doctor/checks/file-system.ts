import type { Observation } from '../finding.ts'
import { mountOf, type Mount } from '../../volume/mounts.ts'
import { readMounts } from '../mounts.ts'
import type { Surroundings } from '../surroundings.ts'

const NETWORK =
  /^(?:nfs4?|cifs|smb3?|smbfs|9p|afs|ceph|lustre|gfs2|ocfs2|glusterfs)$|^fuse\.(?:sshfs|rclone|s3fs|davfs)/
/** Folders of the host inside a virtual machine or a desktop's containers. */
const SHARED_WITH_HOST = /^(?:virtiofs|vboxsf|vmhgfs|prl_fs|fakeowner|drvfs)$|^fuse\.(?:grpcfuse|osxfs|vmhgfs-fuse)/
const WITHOUT_LINKS = /^(?:vfat|msdos|exfat|fuse\.exfat)$/

/** What the file system of each origin can and cannot do. */
export async function checkFileSystem({ databases, machine }: Surroundings): Promise<Observation[]> {
  const mounts = readMounts(machine)
  return databases.flatMap(({ places: { origin } }): Observation[] => {
    const mount = mountOf(origin, mounts)
    return mount === undefined ? [] : [{ subject: origin, ...judge(origin, mount) }]
  })
}

function judge(origin: string, mount: Mount): Omit<Observation, 'subject'> {
  const { type, mountPoint, source, isReadOnly } = mount
  if (mountPoint === origin) {
    return {
      level: 'problem',
      message: 'is a mount point itself (a file mounted into a container), and nothing can be renamed over that',
      remedy: 'mount the folder that it is in instead of the file (docker run -v ./data:/app/data …)',
    }
  }
  if (isReadOnly) {
    const remedy = `make it writable (mount -o remount,rw ${mountPoint}; docker: without :ro)`
    return { level: 'problem', message: `is on a read-only file system (${mountPoint})`, remedy }
  }
  if (WITHOUT_LINKS.test(type)) {
    const message = `is on ${type}, which has no links, so the app cannot be routed to RAM`
    return { level: 'problem', message, remedy: 'move the project to a Linux file system' }
  }
  const where = `is on ${type} (${source})`
  if (SHARED_WITH_HOST.test(type) || (type === '9p' && /^(?:drvfs|[A-Z]:)/.test(source))) {
    const message = `${where}, a folder of the host: while it is in RAM, programs there see a link that leads nowhere`
    return { level: 'warning', message, remedy: 'use the database on this side only, or move the project to this side' }
  }
  if (NETWORK.test(type)) {
    const message = `${where}, a network file system: locks may not hold, and other machines see a link that leads nowhere`
    return { level: 'warning', message, remedy: 'move the database to a local disk, or use it from this machine only' }
  }
  return { level: 'ok', message: `is on ${type}` }
}
