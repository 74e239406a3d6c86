import { availableParallelism } from 'node:os'
import { defineConfig, type ViteUserConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longest-first.ts'

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['{src,test,bench}/**/*.test.ts'],
    sequence: { sequencer: LongestFirst },
    globalSetup: ['test/support/compile-once.ts'],
    // Limits for a hang, not for speed: real servers and processes start here, on two cores.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    // Vitest gives up after a second, which a busy machine may take to start one process.
    expect: { poll: { timeout: 30_000 } },
    // More than cores: most of the tests wait for processes.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
  },
})

export default config
