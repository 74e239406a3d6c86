/** Do something with an open file: the system does not say of which file a write or a sync failed, and this does. */
export function namingFile<T>(path: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (Error.isError(error) && 'syscall' in error && !('path' in error)) error.message += ` '${path}'`
    throw error
  }
}
