import { parentPort, workerData } from 'node:worker_threads'
import type { ContentFacts } from '../engine.ts'
import { checkStructure } from './check-structure.ts'

const { path, expected } = workerData as { path: string; expected: ContentFacts }
parentPort?.postMessage(checkStructure(path, expected))
