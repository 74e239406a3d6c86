import { call } from './call.ts'

// The one entry and the one exit: no other module reads the process's arguments or ends it.
// Not awaited at the top level, which CommonJS does not have: the bundle is that, because it starts faster.
void call(process.argv.slice(2)).then((status) => process.exit(status))
