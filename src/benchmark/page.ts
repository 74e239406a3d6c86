import { formatBytes } from '../fs/format-bytes.ts'
import { readAsset, readChartist } from './asset.ts'
import { escapeHtml, inScript } from './escape-html.ts'
import { type Part, type Report, saysBusy } from './report.ts'
import { sayMs } from './say-times.ts'
import { comparisonOf, spreadOf } from './say-rows.ts'
import { median } from './statistics.ts'

/** By this a page is known as one of ours; within its first kilobyte. */
export const GENERATOR = '<meta name="generator" content="devshm bench">'

/** Nothing is loaded, whatever a name in the project looks like; what is in the page may run. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"

/** The report as one page that needs no other file and no network: plots, and the same in tables. */
export function renderPage(report: Report): string {
  const { root, at, machine, parts, verdict } = report
  const title = `What devshm gains in ${escapeHtml(root)}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${GENERATOR}
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
${readAsset('page.css')}</style>
</head>
<body>
<h1>${title}</h1>
<p class="summary">${escapeHtml(verdict.summary)}</p>
<ul>
${[...verdict.sentences, ...saysBusy(machine)].map((sentence) => `<li>${escapeHtml(sentence)}</li>`).join('\n')}
</ul>
${renderTurnOn(report)}
${parts.map(renderPart).join('\n')}
<footer>
<p>Measured ${escapeHtml(at.slice(0, 16).replace('T', ' '))} UTC by <code>devshm bench</code>: medians, and the least to the greatest of the rounds; ratios are
the median of those within the rounds. Of the plots, each line of the grid is ten times as much as the one before. ${escapeHtml(describe(machine))}</p>
</footer>
<script type="application/json" id="figures">${inScript(JSON.stringify(parts.map(figuresOf)))}</script>
<script>
/* Chartist, https://chartist.dev, Copyright (c) 2013 Gion Kunz <gion.kunz@gmail.com>, MIT licence */
${inScript(readChartist().replace(/^\/\/# sourceMappingURL=.*$/m, ''))}
</script>
<script>
${inScript(readAsset('plots.js'))}</script>
</body>
</html>
`
}

function renderTurnOn({ verdict }: Report): string {
  if (verdict.turnOn.length === 0) return '<p>Nothing is worth turning on.</p>'
  const items = verdict.turnOn.map(
    ({ command, why }) => `<li><code>${escapeHtml(command)}</code> ${escapeHtml(why)}</li>`,
  )
  return `<p>Turn on:</p>\n<ul>\n${items.join('\n')}\n</ul>`
}

function renderPart({ name, title, rows, notes, leftOut }: Part): string {
  const said = notes.map((note) => `<p class="note">${escapeHtml(note)}</p>`).join('\n')
  if (leftOut !== undefined) {
    return `<h2>${escapeHtml(title)}</h2>\n<p class="note">Left out: ${escapeHtml(leftOut)}</p>\n${said}`
  }
  const lines = rows.map((row) => {
    const cells = [row.label, sayMs(median(row.values)), spreadOf(row), comparisonOf(row, rows)]
    return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`
  })
  return `<h2>${escapeHtml(title)}</h2>
<div class="plot" id="plot-${name}"></div>
<div class="tables">
<table>
<thead><tr><th>what</th><th>time</th><th>least to greatest</th><th>compared</th></tr></thead>
<tbody>
${lines.join('\n')}
</tbody>
</table>
</div>
${said}`
}

/** For the plots. */
function figuresOf({ name, rows }: Part): unknown {
  return {
    name,
    rows: rows.map(({ label, medium, values }) => {
      const middle = median(values)
      return {
        label,
        medium,
        median: middle,
        least: Math.min(...values),
        most: Math.max(...values),
        said: sayMs(middle),
      }
    }),
  }
}

function describe({ processor, cores, memoryBytes, platform, arch, node, volume }: Report['machine']): string {
  const ram = volume === undefined ? 'no folder in RAM' : `RAM is ${volume}`
  return `${processor}, ${cores} cores, ${formatBytes(memoryBytes)}, ${platform} ${arch}, Node.js ${node}, ${ram}.`
}
