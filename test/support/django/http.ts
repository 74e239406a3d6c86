export interface Answer {
  readonly status: number
  readonly text: string
  readonly headers: Headers
  /** `text` parsed; the caller says what it expects. @throws {SyntaxError} it is not JSON */
  json(): unknown
}

/**
 * One request on a connection of its own, a POST when there is a form. Redirects are not followed.
 *
 * @throws when there is no complete answer within 30 s
 */
export async function request(url: URL, form?: Readonly<Record<string, string>>): Promise<Answer> {
  const method = form === undefined ? 'GET' : 'POST'
  try {
    const response = await fetch(url, {
      method,
      // A kept connection would make the next server on this port fail a request that it never saw.
      headers: { connection: 'close' },
      redirect: 'manual',
      signal: AbortSignal.timeout(30_000),
      ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
    })
    const text = await response.text()
    return { status: response.status, text, headers: response.headers, json: (): unknown => JSON.parse(text) }
  } catch (error) {
    throw new Error(`${method} ${url.href}: no answer`, { cause: error })
  }
}
