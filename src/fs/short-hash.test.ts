import { expect, test } from 'vitest'
import { shortHash } from './short-hash.ts'

test('a text always has the same name, by which live folders are found again', () => {
  expect(shortHash('/home/me/shop')).toBe(shortHash('/home/me/shop'))
  expect(shortHash('')).toMatch(/^[0-9a-z]{11}$/)
})

test('a hundred thousand paths that differ in little have different names, each fit for a folder', () => {
  const names = Array.from({ length: 100_000 }, (_, number) => shortHash(`/home/me/projects/shop-${number}`))
  expect(new Set(names).size).toBe(names.length)
  expect(names.every((name) => /^[0-9a-z]{11}$/.test(name))).toBe(true)
})

test('letters beyond ASCII count in full', () => {
  expect(shortHash('/home/é')).not.toBe(shortHash('/home/ĩ'))
})
