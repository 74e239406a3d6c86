import { readOwnFolder } from '../../fs/own-files.ts'

/** The script with which a shell asks `devshm __complete` for what may come next. */
export async function shellScript(shell: string): Promise<string> {
  const scripts = await readOwnFolder('shells', import.meta.url)
  return Buffer.from(scripts.get(`devshm.${shell}`) ?? []).toString()
}
