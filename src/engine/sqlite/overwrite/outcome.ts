/** `try again`: somebody made another kind of database of it meanwhile, or put another file there; nothing has changed. */
export type Outcome = 'overwritten' | 'left' | 'try again'
