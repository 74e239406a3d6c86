/** Whether this is a long run (`npm run test:long`), which takes what a change does not have to wait for. */
export const IS_LONG: boolean = process.env['DEVSHM_ALL'] !== undefined
