// The one place that says what an action led to.

import { byId, create, icon } from './dom.js';

const ICONS = { kept: '✓', lost: '✗', failed: '!', note: 'i', busy: '…' };

// Announced as a whole, once
export function showResult(state, headline, detail = '') {
  byId('start').hidden = true;
  byId('verdict').dataset.state = state;
  const text = document.createElement('p');
  text.append(create('strong', headline), ' ', create('span', detail));
  byId('result').replaceChildren(icon(ICONS[state], 'icon'), text);
}

// What connections of the demo client got and lost
export function sumUp(results) {
  return {
    last: results.at(-1),
    arrived: results.filter((result) => result.answer === 'arrived').length,
    lost: results.filter((result) => result.answer === 'lost').length,
    resets: results.filter((result) => result.reset).length,
  };
}

// Judged by what was lost, whatever the outcome
export function showAnswers(asked, arrived, detail) {
  if (arrived < asked) {
    showResult('lost', `Lost: ${asked - arrived} of ${asked} ${asked === 1 ? 'answer' : 'answers'}.`, detail);
    return;
  }
  showResult('kept', asked === 0 ? 'Nothing lost: no answer was expected.'
    : `Nothing lost: ${arrived} of ${asked} ${asked === 1 ? 'answer' : 'answers'} arrived.`, detail);
}
