// The settings that apply, and their changes.

import { ENDPOINT, post } from './api.js';
import { byId, setText } from './dom.js';
import { bytes, numbers, seconds, toSeconds } from './format.js';
import { showResult } from './result.js';

const radios = [...document.querySelectorAll('[name=policy]')];
const linger = byId('linger');
const timeout = byId('timeout');

let shown = null;
let changes = 0;
let onPolicyChange = () => {};

// What was asked for before a change may tell of what applied before it
export function settingsChanges() {
  return changes;
}

export function showSettings(connector) {
  const { effective } = connector;
  if (shown !== null && shown.effective.policy !== effective.policy) {
    onPolicyChange();
  }
  // What somebody is typing is left alone
  if (shown === null || shown.effective.timeout !== effective.timeout) {
    timeout.value = toSeconds(effective.timeout);
    timeout.max = toSeconds(effective.maxWait);
  }
  shown = connector;
  for (const radio of radios) {
    radio.checked = radio.value === effective.policy;
    radio.disabled = false;
  }
  linger.checked = effective.linger;
  linger.disabled = false;
  setText(byId('settings'), `A connection waits at most ${seconds(effective.maxWait)} in all; at most ${numbers.format(effective.maxPending)} connections`
    + ` wait at once, and up to ${bytes(effective.maxDiscard)} are discarded for each.`);
}

async function change(request, headline) {
  const mine = ++changes;
  try {
    const connector = await request();
    if (mine === changes) {
      showSettings(connector);
      showResult('note', headline, 'It applies to connections that end from here on.');
    }
  }
  catch (failure) {
    showSettings(shown);
    showResult('failed', 'Nothing was changed.', failure.message);
  }
  finally {
    // Answers that were under way are old as well
    changes++;
  }
}

async function writeEndpoint(body) {
  const changed = await post(ENDPOINT, body);
  return changed.connectors.find((connector) => connector.name === shown.name) ?? changed.connectors[0];
}

async function writeLinger(value) {
  await post('demo/linger', { linger: value });
  return { ...shown, effective: { ...shown.effective, linger: value } };
}

export function listenForChanges(whenPolicyChanges) {
  onPolicyChange = whenPolicyChanges;
  for (const radio of radios) {
    radio.addEventListener('change', () => change(() => writeEndpoint({ policy: radio.value }), `The policy is ${radio.value} now.`));
  }
  linger.addEventListener('change', () => change(() => writeLinger(linger.checked),
    linger.checked ? 'The server lingers now.' : 'The server does not linger now.'));
  byId('timeout-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const millis = Math.round(Number(timeout.value) * 1000);
    change(() => writeEndpoint({ timeout: `${millis}ms` }), `The timeout is ${timeout.value} s now.`);
  });
}
