/** Only for tests: preloaded into a devshm whose clock has jumped by so many milliseconds. */
const offset = Number(process.env['DEVSHM_TEST_CLOCK_MS'])
const now = Date.now.bind(Date)

globalThis.Date = new Proxy(Date, {
  construct: (real, args, target) =>
    Reflect.construct(real, args.length === 0 ? [now() + offset] : args, target) as Date,
  get: (real, key) => (key === 'now' ? () => now() + offset : (Reflect.get(real, key) as unknown)),
})
