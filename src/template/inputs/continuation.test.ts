import { expect, test } from 'vitest'
import type { InputRole } from '../framework.ts'
import { compareInputs } from './compare-inputs.ts'
import { whyNotContinue, type ContinuationRule } from './continuation.ts'
import type { Input } from './input.ts'

/** `path`, `path=content`, with `!` in front: fixed, with `~`: free, else ordered. */
function inputs(text: string): Input[] {
  return text.split(/\s+/).flatMap((word) => {
    const [, sign, path = '', hash = ''] = /^([!~]?)([^=]*)=?(.*)$/.exec(word) ?? []
    const role: InputRole = sign === '!' ? 'fixed' : sign === '~' ? 'free' : 'ordered'
    return path === '' ? [] : [{ path, hash, role }]
  })
}

const SHOP = 'shop/migrations/0001_initial.py shop/migrations/0002_price.py'

test.for([
  ['nothing is new', SHOP, SHOP],
  ['the next migration', SHOP, `${SHOP} shop/migrations/0003_x.py`],
  ['several, given in any order', SHOP, `shop/migrations/0004_x.py ${SHOP} shop/migrations/0003_x.py`],
  ['a file that may change did', `~models.py=1 ${SHOP}`, `~models.py=2 ${SHOP} shop/migrations/0003_x.py`],
  ['one that may change came and one went', `~a.py ${SHOP}`, `~b.py ${SHOP}`],
  ['__init__.py is no migration', `m/__init__.py m/0001.py`, `m/__init__.py m/0001.py m/0002.py`],
  ['the next app', SHOP, `${SHOP} talks/migrations/0001_initial.py talks/migrations/__init__.py`],
  ['a folder for each migration', 'm/2024_a/up.sql m/lock.toml', 'm/2024_a/up.sql m/lock.toml m/2025_b/up.sql'],
  ['a first migration', '', 'm/0001.py'],
  ['files of another kind lie elsewhere', 'm/1.sql z/x.txt', 'm/1.sql m/2.sql z/x.txt'],
  ['numbers grow longer than text can sort', 'm/009_a.js', 'm/009_a.js m/010_b.js'],
] as const)('a layer is a start: %s', ([, cached, now]) => {
  expect(whyNotContinue(inputs(cached), inputs(now))).toBeUndefined()
})

test.for([
  ['m/1.py=a m/2.py', 'm/1.py=b m/2.py', 'm/1.py was changed'],
  ['m/1.py m/2.py', 'm/2.py m/3.py', 'm/1.py was removed'],
  ['!settings.py=a m/1.py', '!settings.py=b m/1.py', 'settings.py was changed'],
  ['!settings.py m/1.py', 'm/1.py', 'settings.py was removed'],
  ['m/1.py', 'm/1.py !seed.py', 'seed.py was added'],
  ['~x.py=a', '!x.py=b', 'x.py was changed'],
  ['!x.py=a', '~x.py=b', 'x.py was changed'],
  ['~x.py=a', 'x.py=b', 'x.py was changed'],
  ['m/1.py m/3.py', 'm/1.py m/2.py m/3.py', 'm/2.py was added, which does not come after m/3.py'],
  [
    'm/0001.py m/0002.py',
    'm/0001.py m/0002.py m/0001_squashed_0002.py',
    'm/0001_squashed_0002.py was added, which does not come after m/0002.py',
  ],
  ['m/9_a.js', 'm/9_a.js m/10_b.js', 'm/10_b.js was added, which does not come after m/9_a.js'],
  ['m/10_a.js', 'm/10_a.js m/9_b.js', 'm/9_b.js was added, which does not come after m/10_a.js'],
  ['m/B.sql', 'm/B.sql m/a.sql', 'm/a.sql was added, which does not come after m/B.sql'],
  ['m/1.py', 'm/1.py m/01.py', 'm/01.py was added, which does not come after m/1.py'],
  [
    'm/2024_b/up.sql',
    'm/2024_b/up.sql m/2024_a/up.sql',
    'm/2024_a/up.sql was added, which does not come after m/2024_b/up.sql',
  ],
  [
    'm/v1/1.sql m/v2/1.sql',
    'm/v1/1.sql m/v2/1.sql m/v1/2.sql',
    'm/v1/2.sql was added, which does not come after m/v2/1.sql',
  ],
  ['m/1.sql m/5.sql', 'm/1.sql m/5.sql m/3/up.sql', 'm/3/up.sql was added, which does not come after m/1.sql'],
  [
    'm/2024_a/up.sql',
    'm/2024_a/up.sql m/2024_a/down.sql',
    'm/2024_a/down.sql was added, which does not come after m/2024_a/up.sql',
  ],
  [
    'm/24/05/1.sql m/25/01/2.sql',
    'm/24/05/1.sql m/25/01/2.sql m/24/06/3.sql',
    'm/24/06/3.sql was added, which does not come after m/25/01/2.sql',
  ],
  ['m/5/up.sql', 'm/5/up.sql m/9.sql', 'm/9.sql was added, which does not come after m/5/up.sql'],
  ['m/1.js', 'm/1.js m/0.ts', 'm/0.ts was added, which does not come after m/1.js'],
  ['../m/2.sql', '../m/2.sql ../m/1.sql', '../m/1.sql was added, which does not come after ../m/2.sql'],
  [
    SHOP,
    `${SHOP} blog/migrations/0001.py`,
    'blog/migrations/0001.py was added, which does not come after shop/migrations/0001_initial.py',
  ],
] as const)('%s → %s: %s', ([cached, now, reason]) => {
  expect(whyNotContinue(inputs(cached), inputs(now))).toBe(reason)
})

test('where folders are independent, only the order within each counts', () => {
  const rule: ContinuationRule = { foldersAreIndependent: true }
  expect(whyNotContinue(inputs(SHOP), inputs(`${SHOP} blog/migrations/0001.py`), rule)).toBeUndefined()
  expect(whyNotContinue(inputs(SHOP), inputs(`${SHOP} shop/migrations/0001_x.py`), rule)).toBe(
    'shop/migrations/0001_x.py was added, which does not come after shop/migrations/0002_price.py',
  )
})

test('the framework has the last word, on what was added to its ordered inputs', () => {
  const asked: (readonly string[])[] = []
  const whyNotOnTop = (added: readonly string[]): string => {
    asked.push(added)
    return 'two migrations have the same parent'
  }
  const now = inputs(`~models.py=2 ~new.py ${SHOP} shop/migrations/0003_x.py`)
  expect(whyNotContinue(inputs(`~models.py=1 ${SHOP}`), now, { whyNotOnTop })).toBe(
    'two migrations have the same parent',
  )
  expect(asked).toEqual([['shop/migrations/0003_x.py']])
  expect(whyNotContinue(now, now, { whyNotOnTop })).toBeUndefined()
})

test('what became of inputs is told by path', () => {
  expect(compareInputs(inputs('a=1 b=1 c=1'), inputs('a=1 !b=2 d=1'))).toEqual({
    added: ['d'],
    changed: ['b'],
    removed: ['c'],
  })
})
