import { play, playBrowser, playDemo } from './actions.js';
import { ENDPOINT, json } from './api.js';
import { History, Lane } from './chart.js';
import { compare } from './compare.js';
import { byId, cell, row, rowHeader, setText } from './dom.js';
import { showBrowser, showRecent } from './ends.js';
import { connections, numbers } from './format.js';
import { listenForChanges, settingsChanges, showSettings } from './settings.js';

const PERIOD = 1000;

const rows = [...document.querySelectorAll('#outcomes tr')];
const outcomes = rows.map((row) => row.dataset.outcome);
const lanes = new Map(rows.map((row) => [row.dataset.outcome, new Lane(row.querySelector('.lane'))]));
const totals = new Map(rows.map((row) => [row.dataset.outcome, row.querySelector('.total')]));
const history = new History(outcomes);

let counts = null;
let paused = false;
let timer = null;
let refreshing = null;

// What the server tells

// One after the other, so that both use the same connection
async function refresh() {
  const changesBefore = settingsChanges();
  const connection = await json('connection');
  const shutdown = await json(ENDPOINT);
  const connector = shutdown.connectors.find((candidate) => candidate.port === connection.localPort) ?? shutdown.connectors[0];
  if (!connector) {
    throw new Error('No connector terminates TLS');
  }
  showCounts(connector);
  if (settingsChanges() === changesBefore) {
    showSettings(connector);
  }
  showRecent(shutdown);
  showBrowser(connection, connector);
}

async function poll() {
  clearTimeout(timer);
  try {
    refreshing ??= refresh().finally(() => {
      refreshing = null;
    });
    await refreshing;
    showStatus('live', 'Live');
  }
  catch (failure) {
    console.warn(failure.message);
    showStatus('lost', 'The server does not answer; trying again');
  }
  if (paused) {
    showStatus('paused', 'Paused');
  }
  schedule();
}

function schedule() {
  clearTimeout(timer);
  if (!paused && !document.hidden) {
    timer = setTimeout(poll, PERIOD);
  }
}

function showStatus(state, text) {
  byId('status').dataset.state = state;
  setText(byId('status'), text);
}

// Outcomes

function showCounts(connector) {
  const policies = Object.values(connector.counts);
  const now = Object.fromEntries(outcomes.map((outcome) => [outcome,
    policies.reduce((sum, counted) => sum + counted[outcome].local + counted[outcome].peer, 0)]));
  history.advance(Math.floor(performance.now() / 1000));
  if (counts !== null) {
    for (const outcome of outcomes) {
      // Fewer than before: the server was restarted
      history.add(outcome, now[outcome] - (now[outcome] < counts[outcome] ? 0 : counts[outcome]));
    }
  }
  counts = now;
  drawChart();
  for (const outcome of outcomes) {
    setText(totals.get(outcome), numbers.format(now[outcome]));
  }
  setText(byId('ended'), numbers.format(outcomes.reduce((sum, outcome) => sum + now[outcome], 0)));
  setText(byId('pending'), numbers.format(connector.pending));
}

function drawChart() {
  const highest = history.highest();
  for (const [outcome, lane] of lanes) {
    lane.draw(history.lanes.get(outcome), history.marks, highest);
  }
  setText(byId('scale'), highest === 0 ? 'Nothing has ended in the last 60 seconds.'
    : `The highest bar is ${connections(highest)} in one second.`);
  if (byId('as-table').open) {
    byId('history').replaceChildren(...outcomes.map((outcome) => row(rowHeader(outcome),
      ...[[0, 10], [10, 30], [30, 60]].map(([from, to]) => cell(history.sum(outcome, from, to))))));
  }
}

// What is done here

async function act(button, action) {
  await play(button, action);
  if (!paused) {
    poll();
  }
}

function pauseOrResume() {
  paused = !paused;
  byId('pause').setAttribute('aria-pressed', String(paused));
  if (paused) {
    clearTimeout(timer);
    showStatus('paused', 'Paused');
  }
  else {
    poll();
  }
}

listenForChanges(() => {
  history.mark();
  drawChart();
});
for (const button of document.querySelectorAll('[data-ending]')) {
  button.addEventListener('click', () => act(button, playDemo));
}
for (const button of document.querySelectorAll('[data-browser]')) {
  button.addEventListener('click', () => act(button, playBrowser));
}
byId('compare').addEventListener('click', () => act(byId('compare'), compare));
byId('start').addEventListener('click', () => {
  // The button goes away, and the focus with it
  byId('compare').focus();
  byId('compare').click();
});
byId('as-table').addEventListener('toggle', drawChart);
byId('pause').addEventListener('click', pauseOrResume);
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && !paused) {
    poll();
  }
});

poll();
