import { writeFileSync } from 'node:fs'
import type { Connection } from '../engine/sqlite/connection.ts'
import { connectToImage, fillFromImage } from '../engine/sqlite/for-tests.ts'
import { DevshmError } from '../errors.ts'
import type { ConnectOptions, MemoryClone } from './clone.ts'
import { findTemplate } from './find-template.ts'
import type { TestDatabasesHandle } from './handle.ts'
import { keep, keepIfChanged, type WhatToKeep } from './keep.ts'

export interface MemorySource {
  readonly handle: TestDatabasesHandle
  readonly name: string
  readonly first: string
  /** The template of a database, read once for all clones. */
  readonly imageOf: (database: string) => Buffer
  readonly onReleased: () => void
}

export function openMemoryClone({ handle, name, first, imageOf, onReleased }: MemorySource): MemoryClone {
  const connections = new Map<string, Connection>()
  let isReleased = false
  const connect = ({ database = first, ...options }: ConnectOptions = {}): Connection => {
    if (isReleased) {
      throw new DevshmError('USAGE', `the clone ${name} was released already`, {
        hint: 'use it before its scope ends, or make another one',
      })
    }
    const known = connections.get(database)
    if (known !== undefined) return known
    const connection = connectToImage(imageOf(findTemplate(handle, database).name), options)
    connections.set(database, connection)
    return connection
  }
  const content: WhatToKeep = {
    handle,
    name,
    first,
    copyTo: async (database, to) => {
      writeFileSync(to, connect({ database }).serialize(), { mode: 0o600, flag: 'wx' })
    },
  }
  return {
    name,
    connect,
    async reset() {
      for (const [database, connection] of connections) fillFromImage(connection, imageOf(database))
    },
    keep: () => keep(content),
    keepIfChanged: () => keepIfChanged(content),
    async [Symbol.asyncDispose]() {
      isReleased = true
      for (const connection of connections.values()) if (connection.isOpen) connection.close()
      connections.clear()
      onReleased()
    },
  }
}
