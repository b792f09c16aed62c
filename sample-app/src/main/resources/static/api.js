// What the server is asked for.

export const ENDPOINT = 'actuator/tlsshutdown';

const TIMEOUT = 10000;
const DEMO_TIMEOUT = 90000;

export class TooMuch extends Error {
}

export async function json(path, options = {}) {
  const response = await fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT), ...options });
  if (response.status === 429) {
    throw new TooMuch();
  }
  if (!response.ok) {
    throw new Error(await reason(response, path));
  }
  return response.json();
}

async function reason(response, path) {
  const body = await response.json().catch(() => ({}));
  return body.error ?? `${path} answered ${response.status}`;
}

export function post(path, body, timeout = TIMEOUT) {
  return json(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(timeout),
  });
}

// How connections of the demo client ended; without a policy they end by the server's
export async function openConnections(ending, count, policy) {
  const results = await post('demo/connections', { ending, count, policy }, DEMO_TIMEOUT);
  if (results.some((result) => result.outcome === 'unknown')) {
    throw new Error('The demo client could not connect, or the server did not report the end.');
  }
  return results;
}
