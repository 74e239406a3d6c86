import { INK, MUTED } from './palette.ts'

export const WIDTH = 760
/** Of one line; a quote in it would end the attribute that it stands in. */
export const FONT = 'Helvetica, Arial, sans-serif'
/** What a letter of 12 pixels takes at most on average; bold ones are wider. */
export const PER_LETTER = 7.2
/** Title and subtitle. */
export const HEADING = 62

export function heading(text: string, subtext: string): Readonly<Record<string, unknown>> {
  return {
    text: text.replaceAll('`', ''),
    subtext,
    left: 8,
    top: 6,
    itemGap: 4,
    textStyle: { color: INK, fontFamily: FONT, fontSize: 15 },
    subtextStyle: { color: MUTED, fontFamily: FONT, fontSize: 12 },
  }
}
