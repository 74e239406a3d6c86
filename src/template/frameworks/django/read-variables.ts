import type { Statement } from './python-statements.ts'

/** `os.environ['X']`, `getenv("X")`, `env.bool('X')`, `config('X')`, `get_env_variable(name='X')`, `'X' in os.environ`. */
const VARIABLE =
  /\b\w*(?:env|config|secret)\w*(?:\s*\.\s*\w+)*\s*[[(]\s*(?:\w+\s*=\s*)?"(\d+)"|"(\d+)"\s+(?:not\s+)?in\s+(?:os\s*\.\s*)?environ\b/gi

/** What django-environ and dj-database-url read when they are told no name. */
const UNNAMED: readonly (readonly [RegExp, string])[] = [
  [/\b(?:\w*env\s*\.\s*(?:dj_)?(?:db|db_url|database_url)|dj_database_url\s*\.\s*\w+)\s*\(/i, 'DATABASE_URL'],
  [/\b\w*env\s*\.\s*(?:dj_)?(?:cache|cache_url)\s*\(/i, 'CACHE_URL'],
  [/\b\w*env\s*\.\s*(?:dj_)?(?:email|email_url)\s*\(/i, 'EMAIL_URL'],
]

/** The environment variables that a statement reads by name, or may read: anything of that look is one. */
export function variablesIn({ code }: Statement, strings: readonly string[]): string[] {
  const found: string[] = []
  for (const [, inCall, before] of code.matchAll(VARIABLE)) {
    const name = strings[Number(inCall ?? before)] ?? ''
    if (/^[A-Za-z_]\w*$/.test(name)) found.push(name)
  }
  for (const [pattern, name] of UNNAMED) if (pattern.test(code)) found.push(name)
  return found
}
