import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { findDjangoPython } from '../../../support/django/python.ts'

/** Whether the Python that has Django also has this. */
export async function hasModule(name: string): Promise<boolean> {
  const { python } = await findDjangoPython()
  return await promisify(execFile)(python, ['-c', `import ${name}`]).then(
    () => true,
    () => false,
  )
}
