const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A text in an element or in a quoted attribute; characters that control how others are shown are replaced. */
export function escapeHtml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
    .replaceAll(/(?![\t\n])[\p{Cc}\p{Cf}]/gu, '\ufffd')
}

/**
 * JSON or a script within `<script>`: nothing in it ends the element, or opens a comment.
 *
 * In JSON and in strings of a script `\u003c` is the same as `<`; our own scripts have no such text elsewhere.
 */
export function inScript(text: string): string {
  return text.replaceAll(/<(?=\/script|!--|script)/gi, '\\u003c')
}
