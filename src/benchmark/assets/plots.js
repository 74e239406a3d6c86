/* global Chartist */
// Draws each part's times as bars, by their logarithm: each further line of the grid is ten times as much.
// The page has the same in tables, for whoever lets no scripts run.
;(function () {
  'use strict'

  var ROW_PX = 46
  var AXIS_PX = 30
  var PX_A_LETTER = 7

  JSON.parse(document.getElementById('figures').textContent).forEach(function (part) {
    var place = document.getElementById('plot-' + part.name)
    if (place !== null && part.rows.length > 0) draw(place, part.rows)
  })

  function draw(place, rows) {
    var least = Math.min.apply(
      null,
      rows.map(function (row) {
        return row.least
      }),
    )
    var most = Math.max.apply(
      null,
      rows.map(function (row) {
        return row.most
      }),
    )
    // Even the shortest bar has a length.
    var from = Math.floor(Math.log10(least / 1.5))
    var to = Math.ceil(Math.log10(most))
    var height = rows.length * ROW_PX + AXIS_PX
    var ticks = []
    for (var tick = 0; tick <= to - from; tick += 1) ticks.push(tick)
    var scale = function (ms) {
      return Math.log10(ms) - from
    }

    var chart = new Chartist.BarChart(
      place,
      {
        labels: rows.map(function () {
          return ''
        }),
        series: rows.map(function (row) {
          return scale(row.median)
        }),
      },
      {
        axisX: {
          high: to - from,
          labelInterpolationFnc: function (exponent) {
            return sayTick(Math.pow(10, exponent + from))
          },
          low: 0,
          ticks: ticks,
          type: Chartist.FixedScaleAxis,
        },
        axisY: { offset: 0, showGrid: false, showLabel: false },
        chartPadding: { bottom: 0, left: 2, right: 24, top: 0 },
        distributeSeries: true,
        height: height + 'px',
        horizontalBars: true,
        reverseData: true,
      },
    )
    chart.on('draw', function (drawn) {
      if (drawn.type !== 'bar') return
      // `reverseData`: else the first would be at the bottom.
      var row = rows[rows.length - 1 - drawn.seriesIndex]
      drawn.element.addClass('of-' + row.medium)
      addSpread(drawn, row, scale)
      addName(drawn, row)
    })
    place.setAttribute('role', 'img')
    place.setAttribute('aria-label', 'The times of the table below as bars, on a logarithmic scale')
  }

  function addSpread(drawn, row, scale) {
    if (row.least === row.most) return
    var at = function (ms) {
      return drawn.chartRect.x1 + drawn.axisX.projectValue(scale(ms))
    }
    drawn.group.elem('line', { x1: at(row.least), x2: at(row.most), y1: drawn.y1, y2: drawn.y1 }, 'spread')
  }

  function addName(drawn, row) {
    var room = Math.max(24, Math.floor((drawn.chartRect.x2 - drawn.chartRect.x1) / PX_A_LETTER) - row.said.length)
    // Where it was measured stands at the end.
    var name = row.label.length > room ? row.label.slice(0, room - 11) + '…' + row.label.slice(-10) : row.label
    var text = drawn.group.elem('text', { x: drawn.chartRect.x1, y: drawn.y1 - 12 }, 'name')
    text.elem('tspan', {}, 'value').text(row.said + '  ')
    text.elem('tspan', {}).text(name)
  }

  function sayTick(ms) {
    return ms >= 1000 ? ms / 1000 + ' s' : Number(ms.toPrecision(1)) + ' ms'
  }
})()
