/** A session without what is another in each: sizes, durations, times, identifiers, and the columns they stand in. */
export function withoutMeasurements(session: string): string {
  return session
    .replaceAll(/\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d(?:\.\d+)?)?/g, 'TIME')
    .replaceAll(/\b\d\d:\d\d:\d\d\b/g, 'TIME')
    .replaceAll(/\b[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\b/g, 'UUID')
    .replaceAll(/\b[\d.]+ (?:ms|s|B|kB|MB)\b/g, 'MEASURED')
    .replaceAll(/ {2,}/g, '  ')
}
