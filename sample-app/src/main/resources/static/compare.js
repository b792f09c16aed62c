// The same ending under every policy, side by side.

import { openConnections } from './api.js';
import { byId, cell, create, icon, row, rowHeader } from './dom.js';
import { seconds, toSeconds } from './format.js';
import { showResult, sumUp } from './result.js';
import { showDemo } from './sequence.js';

const POLICIES = ['unidirectional', 'bidirectional', 'quiet'];
const COUNT = 3;

export async function compare() {
  const chosen = byId('compare-ending').selectedOptions[0];
  const runs = [];
  byId('comparison').replaceChildren();
  byId('comparison-table').hidden = false;
  for (const policy of POLICIES) {
    showResult('busy', `${chosen.text} under ${policy} …`);
    const results = await openConnections(chosen.value, COUNT, policy);
    const run = { policy, longest: longest(results), ...sumUp(results) };
    runs.push(run);
    byId('comparison').append(describe(run, chosen.text));
  }
  byId('comparison-table').scrollIntoView({ block: 'nearest' });
  showDemo(chosen.text, runs.at(-1).last);
  judge(runs, chosen.text);
}

function longest(results) {
  return results.map((result) => result.duration).reduce((a, b) => (toSeconds(a) > toSeconds(b) ? a : b));
}

function describe(run, name) {
  const answers = cell('');
  answers.className = run.lost > 0 ? 'lost' : 'kept';
  answers.append(icon(run.lost > 0 ? '✗' : '✓'), ` ${ratio(run)}`);
  return row(header(run, name), answers, cell(String(run.resets)), cell(seconds(run.longest)));
}

function ratio({ arrived, lost }) {
  return `${arrived}/${arrived + lost}`;
}

function header(run, name) {
  const button = create('button', run.policy);
  button.type = 'button';
  button.setAttribute('aria-label', `${run.policy}: show the sequence`);
  button.addEventListener('click', () => {
    showDemo(name, run.last);
    byId('sequence-title').scrollIntoView({ block: 'nearest' });
  });
  const created = rowHeader('');
  created.append(button);
  return created;
}

function judge(runs, name) {
  const losers = runs.filter((run) => run.lost > 0).map((run) => run.policy);
  const detail = `${name}: ${runs.map((run) => `${run.policy} ${ratio(run)}`).join(', ')} answers arrived;`
    + ` ${runs.map((run) => run.resets).join(', ')} resets.`;
  if (losers.length > 0) {
    showResult('lost', `Answers lost under ${new Intl.ListFormat('en').format(losers)}.`, detail);
    return;
  }
  showResult('kept', 'Nothing lost under any policy.', detail);
}
