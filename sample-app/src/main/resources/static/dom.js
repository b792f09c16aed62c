// What every part of the page does with its elements.

const SVG = 'http://www.w3.org/2000/svg';

export const byId = (id) => document.getElementById(id);

// Only what is new, so that nothing is announced twice
export function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

export function create(name, text, className = '') {
  const created = document.createElement(name);
  created.textContent = text;
  created.className = className;
  return created;
}

// For the eye only: the words beside it say the same
export function icon(text, className = '') {
  const created = create('span', text, className);
  created.setAttribute('aria-hidden', 'true');
  return created;
}

export function row(...cells) {
  const created = document.createElement('tr');
  created.append(...cells);
  return created;
}

export function cell(text, name = 'td') {
  return create(name, text);
}

export function rowHeader(text) {
  const created = cell(text, 'th');
  created.scope = 'row';
  return created;
}

export function svg(name, attributes = {}, text = '') {
  const created = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    created.setAttribute(key, value);
  }
  created.textContent = text;
  return created;
}
