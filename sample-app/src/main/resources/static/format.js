// How numbers, times and names are written.

export const numbers = new Intl.NumberFormat('en');

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

export function time(instant) {
  return clock.format(new Date(instant));
}

export function connections(count) {
  return count === 1 ? '1 connection' : `${numbers.format(count)} connections`;
}

export function bytes(count) {
  if (count < 1024) {
    return `${count} bytes`;
  }
  return count < 1024 * 1024 ? `${Math.round(count / 1024)} KB` : `${Math.round(count / 1024 / 1024 * 10) / 10} MB`;
}

// PT1M2.5S, as the server writes durations, in seconds
export function toSeconds(duration) {
  const [, hours = 0, minutes = 0, rest = 0] = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(duration) ?? [];
  return hours * 3600 + minutes * 60 + Number(rest);
}

export function seconds(duration) {
  const value = toSeconds(duration);
  if (value === 0 || value >= 1) {
    return `${Math.round(value * 100) / 100} s`;
  }
  return value >= 0.001 ? `${Math.round(value * 1000)} ms` : `${Math.round(value * 1e6)} µs`;
}

export function tally(names) {
  const found = new Map();
  for (const name of names) {
    found.set(name, (found.get(name) ?? 0) + 1);
  }
  return [...found].map(([name, count]) => `${count} × ${name}`).join(', ');
}
