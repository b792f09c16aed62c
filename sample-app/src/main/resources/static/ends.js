// Tables of single connections and how they ended.

import { byId, cell, row, setText } from './dom.js';
import { bytes, seconds, time } from './format.js';

const COLUMNS = 8;

export function showRecent({ recent }) {
  showEnds(byId('recent'), recent.slice(0, 10), 'None yet. Choose Fatal alert or Endless upload to make one.');
}

export function showBrowser(connection, connector) {
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
    none.colSpan = COLUMNS;
    body.replaceChildren(row(none));
    return;
  }
  body.replaceChildren(...ends.map(describe));
}

function describe(end) {
  return row(
    cell(time(end.time)),
    cell(end.outcome),
    cell({ local: 'server', peer: 'client' }[end.initiator]),
    cell(end.policy),
    cell(end.protocol),
    cell(seconds(end.duration)),
    cell([end.closeNotifySent && 'sent', end.closeNotifyReceived && 'received'].filter(Boolean).join(', ') || 'none'),
    cell(bytes(end.discardedBytes)),
  );
}
