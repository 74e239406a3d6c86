/** What `devshm volume create` is to make. */
export interface VolumeRequest {
  /** Absolute path without links; its folder exists. */
  readonly path: string
  readonly bytes: number
  /** Whom it is for: alone, 0700. */
  readonly owner: { readonly uid: number; readonly gid: number }
}

/** A file system in RAM that was mounted for devshm. */
export interface MadeVolume {
  /** Where it is mounted: absolute path without links. */
  readonly path: string
  readonly kind: 'tmpfs' | 'ram-disk'
  /** Whether the system may write it to swap when memory is short; `undefined` where it does not tell. */
  readonly mayBeSwapped: boolean | undefined
  readonly isReadOnly: boolean
  /** What holds it: `/dev/disk4` for a RAM disk. */
  readonly holder: string
}

/** How one system makes file systems in RAM. Every failure is a {@link DevshmError} that says what to do. */
export interface VolumeMaker {
  list(): Promise<MadeVolume[]>
  /** What is mounted at a path that no volume of devshm's is, for people; `undefined`: nothing. */
  otherMountAt(path: string): Promise<string | undefined>
  /**
   * Make and mount one at a folder that exists and is empty. On a failure nothing is left of it.
   *
   * @throws {DevshmError} `NOT_PERMITTED`, `IO`
   */
  create(request: VolumeRequest): Promise<void>
  /** The command for root, where this user may not make one. */
  commandToCreate(request: VolumeRequest): string | undefined
  /** The command for root, where this user may not take it away. */
  commandToRemove(volume: MadeVolume): string | undefined
  /** Keep everybody from putting anything new into it. @throws {DevshmError} `IN_USE` */
  close(volume: MadeVolume): Promise<void>
  /** Take {@link close} back. */
  reopen(volume: MadeVolume): Promise<void>
  /** Unmount it and give its memory back. @throws {DevshmError} `IN_USE`, `IO` */
  remove(volume: MadeVolume): Promise<void>
}
