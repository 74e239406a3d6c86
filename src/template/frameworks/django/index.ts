import type { FindFramework, Project } from '../../framework.ts'
import { analyse } from './analysis.ts'
import { locateDjango } from './locate.ts'
import { migrationsOnTop } from './on-top.ts'
import { installedPackages } from './packages.ts'
import { findPython } from './python.ts'
import { rememberedAnalysis } from './remembered-analysis.ts'
import { migrationSteps } from './steps.ts'

/** What is looked at in every project of Django's. */
const VARIABLES = ['DJANGO_SETTINGS_MODULE', 'DJANGO_CONFIGURATION', 'PYTHONPATH']

/**
 * Django, by its `manage.py`. Everything is read from files; only the interpreter itself is asked, once, where it
 * keeps packages, and the settings which databases they have, where that cannot be read.
 */
export const findDjango: FindFramework = async (project: Project) => {
  const location = locateDjango(project)
  if (location === undefined) return undefined
  const python = findPython(project, location)
  const { packages, folders } = await installedPackages(project, python)
  const question = [location, folders, project.env['PYTHONPATH'] ?? '']
  const { inputs, variables, engines } = rememberedAnalysis(project, question, (each) =>
    analyse(each, location, folders),
  )
  return {
    name: 'django',
    steps: await migrationSteps(project, location, engines, python.command),
    inputs,
    packages,
    variables: [...new Set([...VARIABLES, ...variables])].toSorted(),
    route: { kind: 'django' },
    foldersAreIndependent: true,
    whyNotOnTop: (added) => migrationsOnTop(added, analyse(project, location, folders)),
  }
}
