import type { Playground } from '../../support/playground.ts'

/** What differs between two runs, and what stands there in the screens that are kept. */
export function settle(text: string, { folder, volume, cache }: Playground): string {
  const replaced: readonly [RegExp | string, string][] = [
    [folder, '/home/ann/shop'],
    [volume, '/dev/shm'],
    [cache, '/home/ann/.cache/devshm'],
    [/(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d/g, '14:03:10'],
    [/\b\d+ ms|\b\d+\.\d s\b/g, '31 ms'],
    [/\bpid \d+/g, 'pid 4711'],
    [/\bdevshm-\d+\/devshm-test-\w+-\w+/g, 'devshm-1000/shop-0a1b2c3d4e5'],
    [/(?<=\/kept\/)\w+\/\d+-clone-1-\w+/g, '0a1b2c3d4e5/20261126140310000-clone-1-Ab12Cd'],
    [/(?<=\/failed\/)\w+/g, '0a1b2c3d4e5'],
    [/\S+ other-program\.py/g, 'python3 manage.py runserver'],
    [/\bdevshm-\d+\/clones/g, 'devshm-1000/clones'],
    [/\b(?<kind>live|pool|worker)-\w{6}\b/g, '$<kind>-Ab12Cd'],
    [/[\d.]+ (?:GB|MB) of [\d.]+ GB/g, '6.1 GB of 8.2 GB'],
    [/\b[0-9a-f]{12}\b/g, '0123456789ab'],
  ]
  return replaced.reduce((settled, [what, by]) => settled.replaceAll(what, by), text)
}
