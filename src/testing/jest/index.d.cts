// The same as `index.d.ts`, said for CommonJS, which is what `devshm/jest` is.
import type { useTestDatabase as declared } from './index.js' with { 'resolution-mode': 'import' }

export declare const useTestDatabase: typeof declared
export type { TestDatabase, UseOptions } from './index.js' with { 'resolution-mode': 'import' }
