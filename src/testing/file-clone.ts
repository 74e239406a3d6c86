import { pathToFileURL } from 'node:url'
import { connectAsApp } from '../engine/sqlite/for-tests.ts'
import type { Connection } from '../engine/sqlite/connection.ts'
import { sqliteEngine } from '../engine/sqlite/index.ts'
import { DevshmError } from '../errors.ts'
import { lookAt } from '../fs/look.ts'
import { fillVariables } from '../template/fill-variables.ts'
import { databaseIn } from '../template/layer.ts'
import type { CloneFolder } from './clone-folders.ts'
import type { Clone, ClonedDatabase, ConnectOptions, ResetOptions } from './clone.ts'
import { copyTemplate } from './copy-template.ts'
import { findTemplate } from './find-template.ts'
import type { TestDatabasesHandle } from './handle.ts'
import { keep, keepIfChanged, type WhatToKeep } from './keep.ts'

export interface MadeClone {
  readonly handle: TestDatabasesHandle
  readonly name: string
  /** It has one file a database, and is there as long as the clone. */
  readonly folder: CloneFolder
  /** The database that `path` is of. */
  readonly first: string
  readonly release: () => Promise<void>
}

/** A clone whose files are there already. */
export function openFileClone({ handle, name, folder: { path: folder, isInRam }, first, release }: MadeClone): Clone {
  const connections = new Set<Connection>()
  let isReleased = false
  const requireHeld = (): void => {
    if (!isReleased) return
    throw new DevshmError('USAGE', `the clone ${name} was released already`, {
      hint: 'use it before its scope ends, or make another one',
    })
  }
  const content = (): WhatToKeep => {
    requireHeld()
    return {
      handle,
      name,
      first,
      copyTo: async (database, to) => {
        using pinned = await sqliteEngine.pin(pathOf(database))
        await pinned.copyTo(to, 0o600)
      },
    }
  }
  const pathOf = (database: string): string => databaseIn(folder, database)
  const databases = Object.fromEntries(handle.databases.map((each) => [each.name, describe(pathOf(each.name))]))
  return {
    name,
    databases,
    isInRam,
    ...(databases[first] ?? describe(pathOf(first))),
    variables: fillVariables(handle.variables, { first, pathOf, folder }),
    connect({ database = first, ...options }: ConnectOptions = {}) {
      requireHeld()
      const connection = connectAsApp(pathOf(findTemplate(handle, database).name), options)
      connections.add(connection)
      return connection
    },
    async reset({ timeoutMs = 5_000 }: ResetOptions = {}) {
      requireHeld()
      for (const connection of connections) {
        if (connection.isOpen && connection.isTransaction) connection.exec('rollback')
      }
      for (const { name: database, template, bytes } of handle.databases) {
        const path = pathOf(database)
        if (lookAt(path) === undefined) await copyTemplate(template, path, bytes)
        else await sqliteEngine.overwrite(path, template, { before: async () => 'go on', stageIn: folder, timeoutMs })
      }
    },
    keep: () => keep(content()),
    keepIfChanged: () => keepIfChanged(content()),
    async [Symbol.asyncDispose]() {
      if (isReleased) return
      isReleased = true
      for (const connection of connections) if (connection.isOpen) connection.close()
      await release()
    },
  }
}

function describe(path: string): ClonedDatabase {
  return { path, url: pathToFileURL(path).href }
}
