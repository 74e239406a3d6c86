import { join } from 'node:path'
import { test as base } from '@playwright/test'
import { appOnClone, type AppTestFixtures, type AppWorkerFixtures } from 'devshm/playwright'

export { expect } from '@playwright/test'

/** Each worker has the shop running on a database of its own, and each test finds that as the demo data leaves it. */
export const test = base.extend<AppTestFixtures, AppWorkerFixtures>(
  appOnClone({
    cwd: join(import.meta.dirname, '..'),
    command: 'python3 manage.py runserver --noreload 127.0.0.1:{port}',
  }),
)
