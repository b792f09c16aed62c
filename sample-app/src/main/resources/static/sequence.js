// The last connection as a sequence diagram: who did what, and when.

import { byId, setText, svg } from './dom.js';
import { seconds } from './format.js';

const WIDTH = 400;
const SIDES = { client: 90, server: 310 };
const TOP = 34;
const ROW = 34;
const LABELS = {
  request: 'request',
  answer: 'answer',
  answer_lost: 'answer lost',
  close_notify: 'close_notify',
  fatal_alert: 'fatal alert',
  plain_http: 'request without TLS',
  fin: 'FIN',
  reset: 'reset',
};

// As a demo client saw it
export function showDemo(name, result) {
  show(`${name} under ${result.policy}: ${result.outcome}. The server took ${seconds(result.duration)} to close. Times count from the client’s start.`,
    stepsOf(result));
}

// As the server reports it for this browser, which cannot see the end itself
export function showReported(name, answered, end) {
  show(`${name}, as the server reports it: ${end.outcome} under ${end.policy}. The server took ${seconds(end.duration)} to close.`,
    reportedSteps(answered, end));
}

// With what the client has waited for in vain
function stepsOf({ answer, steps }) {
  if (answer !== 'lost') {
    return steps;
  }
  const end = steps.findIndex((step) => step.by === 'server');
  const at = end === -1 ? steps.length : end;
  return [...steps.slice(0, at), { by: 'server', what: 'answer_lost' }, ...steps.slice(at)];
}

function reportedSteps(answered, end) {
  const server = end.closeNotifySent ? [{ by: 'server', what: 'close_notify' }] : [];
  const client = end.closeNotifyReceived ? [{ by: 'client', what: 'close_notify' }] : [];
  const left = { unclean: 'fin', reset: 'reset', failed: 'fatal_alert' }[end.outcome];
  if (left) {
    client.push({ by: 'client', what: left });
  }
  const fin = { by: 'server', what: 'fin' };
  return [
    { by: 'client', what: 'request' },
    { by: 'server', what: answered ? 'answer' : 'answer_lost' },
    // After a reset by the client there is nothing left for the server to close
    ...(end.initiator === 'local' ? [...server, fin, ...client] : [...client, ...server, ...(end.outcome === 'reset' ? [] : [fin])]),
  ];
}

function show(caption, steps) {
  const height = TOP + ROW * steps.length + 14;
  const picture = svg('svg', {
    viewBox: `0 0 ${WIDTH} ${height}`, role: 'img', focusable: 'false', 'aria-labelledby': 'sequence-name', 'aria-describedby': 'sequence-text',
  });
  picture.append(
    svg('title', { id: 'sequence-name' }, 'Sequence diagram of the last connection'),
    svg('desc', { id: 'sequence-text' }, steps.map(describe).join(' ')),
    ...Object.entries(SIDES).flatMap(([side, x]) => lifeline(side, x, height)),
    ...steps.map((step, index) => arrow(step, TOP + ROW * (index + 1))),
  );
  byId('sequence').replaceChildren(picture);
  setText(byId('sequence-caption'), caption);
}

function describe({ by, what, after }) {
  const name = by === 'client' ? 'Client' : 'Server';
  return `${name}: ${LABELS[what]}${after ? ` after ${seconds(after)}` : ''}.`;
}

function lifeline(side, x, height) {
  return [
    svg('text', { x, y: 16, class: 'side', 'text-anchor': 'middle' }, side === 'client' ? 'Client' : 'Server'),
    svg('line', { x1: x, y1: 26, x2: x, y2: height, class: 'lifeline' }),
  ];
}

function arrow({ by, what, after }, y) {
  const [from, to] = by === 'client' ? [SIDES.client, SIDES.server] : [SIDES.server, SIDES.client];
  const forward = Math.sign(to - from);
  const lost = what === 'answer_lost';
  const tip = lost ? (from + to) / 2 : to;
  const group = svg('g', { class: `step ${what}` });
  group.append(
    svg('line', { x1: from, y1: y, x2: tip, y2: y }),
    svg('path', { d: lost ? cross(tip, y) : head(tip, y, forward) }),
    svg('text', { x: WIDTH / 2, y: y - 7, 'text-anchor': 'middle' }, LABELS[what]),
  );
  if (after) {
    group.append(svg('text', { x: from - forward * 8, y: y + 4, class: 'after', 'text-anchor': forward > 0 ? 'end' : 'start' }, seconds(after)));
  }
  return group;
}

function head(x, y, forward) {
  return `M${x - forward * 8} ${y - 5} L${x} ${y} L${x - forward * 8} ${y + 5}`;
}

function cross(x, y) {
  return `M${x - 5} ${y - 5} L${x + 5} ${y + 5} M${x - 5} ${y + 5} L${x + 5} ${y - 5}`;
}
