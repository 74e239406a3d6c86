import type { Report } from './report.ts'
import { verdictOf } from './verdict.ts'

/** A name that would break out of any place in a page. */
const HOSTILE = `"'><img src=x onerror="document.title='owned'"></title></style></script><script>document.title='owned'</script><!--<script>`

/** A report of a project whose names and commands are hostile. */
export const REPORT: Report = {
  root: `/home/eve/${HOSTILE}`,
  at: '2026-11-26T15:00:00.000Z',
  machine: {
    platform: 'linux',
    arch: 'x64',
    processor: HOSTILE,
    cores: 2,
    memoryBytes: 25e9,
    node: '24.21.0',
    volume: '/dev/shm',
    diskIsRam: false,
    load: 0.5,
  },
  parts: [
    {
      name: 'commits',
      title: 'One commit',
      rows: [
        { id: 'request-disk', label: 'a request, on disk', medium: 'disk', values: [30, 33, 40] },
        {
          id: 'request-ram',
          label: 'a request, in RAM',
          medium: 'ram',
          values: [0.2, 0.3, 0.2],
          comparedTo: 'request-disk',
        },
        { id: 'request-wal', label: `wal ${HOSTILE}`, medium: 'wal', values: [0.1], comparedTo: 'request-disk' },
      ],
      notes: [HOSTILE],
    },
    { name: 'setup', title: 'The set-up', rows: [], notes: [`try\n${HOSTILE}`], leftOut: `it failed: ${HOSTILE}` },
  ],
  verdict: verdictOf({ request: { disk: 33, ram: 0.2, wal: 0.1 }, platform: 'linux', arch: 'x64', diskIsRam: false }),
}
