// Connections that end: those of the demo client, and those of this browser.

import { json, openConnections, TooMuch } from './api.js';
import { byId } from './dom.js';
import { bytes, connections, tally } from './format.js';
import { showAnswers, showResult, sumUp } from './result.js';
import { showDemo, showReported } from './sequence.js';

// More than the max-wait of the server
const END_TIMEOUT = 40000;

export async function play(button, action) {
  // Not disabled, which would take the focus away
  if (button.getAttribute('aria-disabled') === 'true') {
    return;
  }
  button.setAttribute('aria-disabled', 'true');
  try {
    await action(button);
  }
  catch (failure) {
    if (failure instanceof TooMuch) {
      showResult('note', 'The demo client needs a pause.', 'Please try again in a few seconds.');
    }
    else {
      showResult('failed', 'It did not work.', failure.message);
    }
  }
  finally {
    button.removeAttribute('aria-disabled');
  }
}

export async function playDemo(button) {
  const count = Math.min(Number(byId('count').value), Number(button.dataset.most ?? Infinity));
  const name = nameOf(button);
  showResult('busy', `${name} …`, connections(count));
  const results = await openConnections(button.dataset.ending, count);
  const { last, arrived, lost, resets } = sumUp(results);
  showDemo(name, last);
  showAnswers(arrived + lost, arrived, `${name}: ${tally(results.map((result) => result.outcome))}.`
    + (resets > 0 ? ` The server reset ${connections(resets)}.` : ''));
}

const browserActions = {

  async bye() {
    const response = await fetch('bye', { cache: 'no-store' });
    return { answered: true, seen: `The server answered “${await response.text()}” and closed.` };
  },

  async upload() {
    try {
      const response = await fetch('reject', { method: 'POST', body: new Blob([new Uint8Array(20_000_000)]) });
      const { byteLength } = await response.arrayBuffer();
      return { answered: true, seen: `The answer ${response.status} arrived, ${bytes(byteLength)}.` };
    }
    catch {
      return { answered: false, seen: 'The browser lost the answer.' };
    }
  },

  async abort() {
    const response = await fetch('reject?size=10000000', { method: 'POST' });
    const reader = response.body.getReader();
    await reader.read();
    await reader.cancel();
    return { answered: false, seen: 'The browser left before it had the whole answer.' };
  },

};

export async function playBrowser(button) {
  const name = nameOf(button);
  showResult('busy', `${name} …`);
  const before = newest(await json('connection'));
  const { answered, seen } = await browserActions[button.dataset.browser]();
  const ends = await endsAfter(before);
  if (ends.length === 0) {
    showAnswers(1, Number(answered), `${name}: ${seen} The server has counted no end yet.`);
    return;
  }
  showReported(name, answered, ends[0]);
  showAnswers(1, Number(answered), `${name}: ${seen} The server counted ${tally(ends.map((end) => end.outcome))}.`);
}

async function endsAfter(number) {
  const deadline = performance.now() + END_TIMEOUT;
  let ends = [];
  while (ends.length === 0 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    ends = (await json('connection')).ends.filter((end) => end.number > number);
  }
  return ends;
}

function newest(connection) {
  return Math.max(0, ...connection.ends.map((end) => end.number));
}

function nameOf(button) {
  return button.querySelector('strong').textContent;
}
