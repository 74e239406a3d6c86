/**
 * Wait for two things that go on side by side. Unlike with `Promise.all`, when one fails the other has ended as well, so
 * that nothing still works on files that the caller then removes.
 */
export async function both<A, B>(one: A, other: B): Promise<[Awaited<A>, Awaited<B>]> {
  await Promise.allSettled([one, other])
  return await Promise.all([one, other])
}
