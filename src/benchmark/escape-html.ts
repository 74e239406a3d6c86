const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A text in an element or in a quoted attribute; what no page may hold becomes a question mark in a box. */
export function escapeHtml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
    .replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
}

/**
 * JSON or a script within `<script>`: nothing in it ends the element, or opens a comment.
 *
 * In JSON and in strings of a script `\u003c` is the same as `<`; our own scripts have no such text elsewhere.
 */
export function inScript(text: string): string {
  return text.replaceAll(/<(?=\/script|!--|script)/gi, '\\u003c')
}
