// How many connections ended in which way in each of the last seconds, drawn as one lane for each
// outcome: distinguished by position, not by their colours.

import { svg } from './dom.js';

const SECONDS = 60;

const HEIGHT = 100;

export class History {

  constructor(outcomes) {
    this.lanes = new Map(outcomes.map((outcome) => [outcome, new Array(SECONDS).fill(0)]));
    this.marks = new Array(SECONDS).fill(false);
    this.second = null;
  }

  // Move on to a second; what lies between is empty
  advance(second) {
    const passed = Math.min(SECONDS, this.second === null ? 0 : second - this.second);
    for (const lane of [...this.lanes.values(), this.marks]) {
      for (let i = 0; i < passed; i++) {
        lane.shift();
        lane.push(lane === this.marks ? false : 0);
      }
    }
    this.second = second;
  }

  add(outcome, count) {
    this.lanes.get(outcome)[SECONDS - 1] += count;
  }

  mark() {
    this.marks[SECONDS - 1] = true;
  }

  highest() {
    return Math.max(...[...this.lanes.values()].flat());
  }

  // How many ended at least one number of seconds ago and less than another
  sum(outcome, from, to) {
    return this.lanes.get(outcome).slice(SECONDS - to, SECONDS - from).reduce((sum, count) => sum + count, 0);
  }

}

export class Lane {

  constructor(cell) {
    this.picture = svg('svg', { viewBox: `0 0 ${SECONDS} ${HEIGHT}`, preserveAspectRatio: 'none', focusable: 'false' });
    for (const x of [0, SECONDS / 2, SECONDS]) {
      this.picture.append(line(x, 'rule'));
    }
    this.picture.append(svg('line', { x1: 0, y1: HEIGHT, x2: SECONDS, y2: HEIGHT, class: 'base' }));
    this.data = svg('g', {});
    this.picture.append(this.data);
    cell.append(this.picture);
  }

  draw(counts, marks, highest) {
    const shapes = [];
    for (let second = 0; second < SECONDS; second++) {
      if (marks[second]) {
        shapes.push(line(second + 0.5, 'mark'));
      }
      if (counts[second] > 0) {
        // One connection can be seen next to many
        const height = HEIGHT * (0.16 + 0.84 * counts[second] / highest);
        shapes.push(svg('rect', { x: second + 0.1, y: HEIGHT - height, width: 0.8, height }));
      }
    }
    this.data.replaceChildren(...shapes);
  }

}

function line(x, name) {
  return svg('line', { x1: x, y1: 0, x2: x, y2: HEIGHT, class: name });
}
