import { defineConfig } from '@playwright/test'

export default defineConfig({
  fullyParallel: true,
  workers: 2,
  use: {
    // Debian's, instead of a download. Elsewhere remove this, and run `npx playwright install chromium`.
    launchOptions: { executablePath: '/usr/bin/chromium' },
  },
})
