/** What every command understands. */
export interface CommonOptions {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly db: readonly string[]
  readonly json: boolean
}

/** What the commands that attach understand; what is not given comes from the configuration. */
export interface AttachOptions extends CommonOptions {
  readonly saveEvery?: number | 'off'
  readonly journal?: 'keep' | 'wal'
  readonly requireRam?: boolean
}

export interface RunOptions extends AttachOptions {
  /** `false`: no link takes the file's place; Django's connections are led to RAM. */
  readonly link?: boolean
}
