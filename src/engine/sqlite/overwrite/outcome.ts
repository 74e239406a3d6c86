/** `try again`: somebody made another kind of database of it meanwhile; nothing has changed. */
export type Outcome = 'overwritten' | 'left' | 'try again'
