import { defineConfig, type ViteUserConfig } from 'vitest/config'

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // Limits for a hang, not for speed: real servers and processes start here, on two cores.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})

export default config
