import { parseMountInfo, type Mount } from '../volume/mounts.ts'
import { readSystemFile, type Machine } from './machine.ts'

/** What is mounted where on a machine, in the order in which it was mounted; empty where the system does not tell. */
export function readMounts(machine: Machine): Mount[] {
  return parseMountInfo(readSystemFile(machine, '/proc/self/mountinfo') ?? '')
}
