import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const CANDIDATES = ['python3', '/usr/bin/python3']

export interface DjangoPython {
  /** The interpreter: `python3` of an active virtual environment first, then Debian's. */
  readonly python: string
  /** Such as `3.2.25`. */
  readonly version: string
}

/** The Python that has Django. @throws when there is none, with what to install */
export async function findDjangoPython(): Promise<DjangoPython> {
  for (const python of CANDIDATES) {
    try {
      const { stdout } = await promisify(execFile)(python, ['-c', 'import django; print(django.__version__)'])
      return { python, version: stdout.trim() }
    } catch {
      // This one is missing, or has no Django: the next may.
    }
  }
  throw new Error('Django is missing: apt-get install python3-django (Debian, Ubuntu), or pip install Django')
}
