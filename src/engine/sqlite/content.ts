import { filesAreEqual } from '../../fs/compare-files.ts'
import { lookThrough } from '../../fs/look.ts'

/**
 * Whether two private, closed files hold the same content, page by page.
 *
 * Left out are header fields that change without content: the file change counter (bytes 24 to 27), the schema cookie
 * (40 to 43; a backup counts its own), the version that the counter was valid for and the writing library's number (92
 * to 99), and on request the journal mode (18 and 19). A file beside which a log or journal lies is not its own
 * content, and so never the same.
 *
 * @see https://sqlite.org/fileformat.html#the_database_header
 */
export async function haveSameContent(
  a: string,
  b: string,
  options: { ignoreJournalMode?: boolean } = {},
): Promise<boolean> {
  if ([a, b].flatMap((path) => [`${path}-wal`, `${path}-journal`]).some(hasContent)) return false
  return await filesAreEqual(a, b, (chunk, offset) => {
    if (offset !== 0) return
    chunk.fill(0, 24, 28)
    chunk.fill(0, 40, 44)
    chunk.fill(0, 92, 100)
    if (options.ignoreJournalMode === true) chunk.fill(0, 18, 20)
  })
}

function hasContent(path: string): boolean {
  return (lookThrough(path)?.size ?? 0n) > 0n
}
