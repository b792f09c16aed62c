import { History, Lane } from './chart.js';

const PERIOD = 1000;
const TIMEOUT = 10000;
const DEMO_TIMEOUT = 90000;
// More than the max-wait of the server
const END_TIMEOUT = 40000;
const ENDPOINT = 'actuator/tlsshutdown';
const EMPTY_CELL_SPAN = 8;

const byId = (id) => document.getElementById(id);
const rows = [...document.querySelectorAll('#outcomes tr')];
const outcomes = rows.map((row) => row.dataset.outcome);
const lanes = new Map(rows.map((row) => [row.dataset.outcome, new Lane(row.querySelector('.lane'))]));
const totals = new Map(rows.map((row) => [row.dataset.outcome, row.querySelector('.total')]));
const radios = [...document.querySelectorAll('[name=policy]')];
const history = new History(outcomes);
const numbers = new Intl.NumberFormat('en');
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

let port = null;
let counts = null;
let policy = null;
let switching = 0;
let paused = false;
let timer = null;
let refreshing = null;

// What the server tells

async function json(path, options = {}) {
  const response = await fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT), ...options });
  if (!response.ok) {
    throw new Error(`${path} answered ${response.status}`);
  }
  return response.json();
}

function post(path, body, timeout) {
  return json(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(timeout),
  });
}

// One after the other, so that both use the same connection
async function refresh() {
  const switchingBefore = switching;
  const connection = await json('connection');
  port = connection.localPort;
  const shutdown = await json(ENDPOINT);
  const connector = shutdown.connectors.find((candidate) => candidate.port === port) ?? shutdown.connectors[0];
  if (!connector) {
    throw new Error('No connector terminates TLS');
  }
  showConnector(connector);
  // What was asked for before the policy was switched may tell of the old one
  if (switching === switchingBefore) {
    showPolicy(connector);
  }
  showEnds(byId('recent'), shutdown.recent.slice(0, 10), 'None yet. A fatal alert of the demo client, or its endless upload, makes some.');
  showBrowser(connection, connector);
  return connection;
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

// Outcomes

function showConnector(connector) {
  const policies = Object.values(connector.counts);
  const now = Object.fromEntries(outcomes.map((outcome) => [outcome,
    policies.reduce((sum, counts) => sum + counts[outcome].local + counts[outcome].peer, 0)]));
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
  setText(byId('pending'), `${numbers.format(connector.pending)}`);
}

function drawChart() {
  const highest = history.highest();
  for (const [outcome, lane] of lanes) {
    lane.draw(history.lanes.get(outcome), history.marks, highest);
  }
  setText(byId('scale'), highest === 0 ? 'Nothing has ended in the last 60 seconds.'
    : `The highest bar is ${connections(highest)} in one second.`);
  if (byId('as-table').open) {
    byId('history').replaceChildren(...outcomes.map((outcome) => {
      const name = cell(outcome, 'th');
      name.scope = 'row';
      return row(name, ...[[0, 10], [10, 30], [30, 60]].map(([from, to]) => cell(history.sum(outcome, from, to))));
    }));
  }
}

// Policy

function showPolicy({ effective }) {
  if (policy !== null && policy !== effective.policy) {
    history.mark();
    drawChart();
  }
  policy = effective.policy;
  for (const radio of radios) {
    radio.checked = radio.value === policy;
    radio.disabled = false;
  }
  setText(byId('settings'), `Timeout ${seconds(effective.timeout)} without progress, at most ${seconds(effective.maxWait)} in all;`
    + ` at most ${numbers.format(effective.maxPending)} connections wait at once, and up to ${bytes(effective.maxDiscard)} are discarded for each.`);
}

async function switchPolicy(chosen) {
  const mine = ++switching;
  try {
    const changed = await post(ENDPOINT, { policy: chosen }, TIMEOUT);
    if (mine === switching) {
      showPolicy(changed.connectors.find((connector) => connector.port === port) ?? changed.connectors[0]);
      showResult(`The policy is ${chosen} now, for connections that end from here on.`);
    }
  }
  catch (failure) {
    for (const radio of radios) {
      radio.checked = radio.value === policy;
    }
    showResult(`The policy was not changed: ${failure.message}`);
  }
  finally {
    // Answers that were under way are old as well
    switching++;
  }
}

// Connections that end

async function playDemo(button) {
  const count = Math.min(Number(byId('count').value), Number(button.dataset.most ?? Infinity));
  const name = button.querySelector('strong').textContent;
  showResult(`${name}: ${connections(count)} under way …`);
  const response = await fetch('demo/connections', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ending: button.dataset.ending, count }),
    signal: AbortSignal.timeout(DEMO_TIMEOUT),
  });
  if (response.status === 429) {
    showResult('That is enough for the demo client just now: try again in a few seconds.');
    return;
  }
  if (!response.ok) {
    throw new Error(`the server answered ${response.status}`);
  }
  const results = await response.json();
  const ends = tally(results.map((result) => result.outcome));
  const upload = button.dataset.ending === 'upload'
    ? ` The answer arrived whole for ${results.filter((result) => result.done).length} of ${results.length}.` : '';
  showResult(`${name}: ${ends}.${upload}`);
}

const browserActions = {

  async bye() {
    const response = await fetch('bye', { cache: 'no-store' });
    return `The server answered “${await response.text()}” and closed.`;
  },

  async upload() {
    try {
      const response = await fetch('reject', { method: 'POST', body: new Blob([new Uint8Array(20_000_000)]) });
      return `The answer ${response.status} arrived, ${bytes((await response.arrayBuffer()).byteLength)}.`;
    }
    catch {
      return 'The browser lost the answer.';
    }
  },

  async abort() {
    const response = await fetch('reject?size=10000000', { method: 'POST' });
    const reader = response.body.getReader();
    await reader.read();
    await reader.cancel();
    return 'The browser broke off.';
  },

};

async function playBrowser(button) {
  const name = button.querySelector('strong').textContent;
  showResult(`${name}: under way …`);
  const before = newest(await json('connection'));
  const seen = await browserActions[button.dataset.browser]();
  const deadline = performance.now() + END_TIMEOUT;
  let ends = [];
  while (ends.length === 0 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    ends = (await json('connection')).ends.filter((end) => end.number > before);
  }
  showResult(`${name}: ${seen} ${ends.length > 0 ? `The server counted ${tally(ends.map((end) => end.outcome))}.`
    : 'The server has counted no end yet.'}`);
}

function newest(connection) {
  return Math.max(0, ...connection.ends.map((end) => end.number));
}

async function play(button, action) {
  // Not disabled, which would take the focus away
  if (button.getAttribute('aria-disabled') === 'true') {
    return;
  }
  button.setAttribute('aria-disabled', 'true');
  try {
    await action(button);
  }
  catch (failure) {
    showResult(`It did not work: ${failure.message}`);
  }
  finally {
    button.removeAttribute('aria-disabled');
    if (!paused) {
      poll();
    }
  }
}

// This browser

function showBrowser(connection, connector) {
  setText(byId('tls'), connection.tls ?? 'none');
  setText(byId('cipher'), connection.cipherSuite ?? 'none');
  setText(byId('http'), connection.http);
  setText(byId('connector'), connector.port === connection.localPort ? connector.name : `port ${connection.localPort}`);
  setText(byId('port'), String(connection.remotePort));
  showEnds(byId('ends'), connection.ends, 'None yet.');
}

function showEnds(body, ends, empty) {
  const shown = JSON.stringify(ends);
  if (body.dataset.shown === shown) {
    return;
  }
  body.dataset.shown = shown;
  if (ends.length === 0) {
    const none = cell(empty);
    none.className = 'empty';
    none.colSpan = EMPTY_CELL_SPAN;
    body.replaceChildren(row(none));
    return;
  }
  body.replaceChildren(...ends.map((end) => row(
    cell(clock.format(new Date(end.time))),
    cell(end.outcome),
    cell({ local: 'server', peer: 'client' }[end.initiator]),
    cell(end.policy),
    cell(end.protocol),
    cell(seconds(end.duration)),
    cell([end.closeNotifySent && 'sent', end.closeNotifyReceived && 'received'].filter(Boolean).join(', ') || 'none'),
    cell(bytes(end.discardedBytes)),
  )));
}

// Text

function showStatus(state, text) {
  byId('status').dataset.state = state;
  setText(byId('status'), text);
}

function showResult(text) {
  setText(byId('result'), text);
}

// Only what is new, so that nothing is announced twice
function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

function row(...cells) {
  const created = document.createElement('tr');
  created.append(...cells);
  return created;
}

function cell(text, name = 'td') {
  const created = document.createElement(name);
  created.textContent = text;
  return created;
}

function tally(names) {
  const found = new Map();
  for (const name of names) {
    found.set(name, (found.get(name) ?? 0) + 1);
  }
  return [...found].map(([name, count]) => `${count} × ${name}`).join(', ');
}

function connections(count) {
  return count === 1 ? '1 connection' : `${numbers.format(count)} connections`;
}

function bytes(count) {
  if (count < 1024) {
    return `${count} bytes`;
  }
  return count < 1024 * 1024 ? `${Math.round(count / 1024)} KB` : `${Math.round(count / 1024 / 1024 * 10) / 10} MB`;
}

// PT1M2.5S, as the server writes durations
function seconds(duration) {
  const [, hours = 0, minutes = 0, rest = 0] = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(duration) ?? [];
  const value = hours * 3600 + minutes * 60 + Number(rest);
  if (value === 0 || value >= 1) {
    return `${Math.round(value * 100) / 100} s`;
  }
  return value >= 0.001 ? `${Math.round(value * 1000)} ms` : `${Math.round(value * 1e6)} µs`;
}

for (const radio of radios) {
  radio.addEventListener('change', () => switchPolicy(radio.value));
}
for (const button of document.querySelectorAll('[data-ending]')) {
  button.addEventListener('click', () => play(button, playDemo));
}
for (const button of document.querySelectorAll('[data-browser]')) {
  button.addEventListener('click', () => play(button, playBrowser));
}
byId('as-table').addEventListener('toggle', drawChart);
byId('pause').addEventListener('click', () => {
  paused = !paused;
  byId('pause').setAttribute('aria-pressed', String(paused));
  if (paused) {
    clearTimeout(timer);
    showStatus('paused', 'Paused');
  }
  else {
    poll();
  }
});
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && !paused) {
    poll();
  }
});

poll();
