import { checkDatabases } from './checks/databases.ts'
import { checkFileSystem } from './checks/file-system.ts'
import { checkGit } from './checks/git.ts'
import { checkInMemory } from './checks/in-memory.ts'
import { checkJournalMode } from './checks/journal-mode.ts'
import { checkLogout } from './checks/logout.ts'
import { checkMemory } from './checks/memory.ts'
import { checkOrigin } from './checks/origin.ts'
import { checkOtherUsers } from './checks/other-users.ts'
import { checkPlatform } from './checks/platform.ts'
import { checkSharedMemorySize } from './checks/shared-memory-size.ts'
import { checkState } from './checks/state.ts'
import { checkVersions } from './checks/versions.ts'
import { checkVolumes } from './checks/volumes.ts'
import type { Check } from './finding.ts'

/** Every check by its name in `--json`; a name never changes. */
export const checks: Readonly<Record<string, Check>> = {
  versions: checkVersions,
  platform: checkPlatform,
  databases: checkDatabases,
  state: checkState,
  origin: checkOrigin,
  'file-system': checkFileSystem,
  volumes: checkVolumes,
  'shared-memory-size': checkSharedMemorySize,
  memory: checkMemory,
  logout: checkLogout,
  'other-users': checkOtherUsers,
  'in-memory': checkInMemory,
  'journal-mode': checkJournalMode,
  git: checkGit,
}
