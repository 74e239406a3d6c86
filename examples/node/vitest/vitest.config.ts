import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    globalSetup: 'devshm/vitest/setup',
    // For test/server.test.ts: the server reads SHOP_DATABASE when it is imported.
    setupFiles: 'devshm/vitest/env',
  },
})
