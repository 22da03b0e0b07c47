// The box for filter expressions: completion while typing (a combo box with a list), what is wrong and what to do under
// it, and conditions to choose from for who does not want to type. A filter that cannot be read changes nothing.

import { completeFilter, type FilterCompletion } from '../../run/filter/completion.ts';
import type { FilterNames, FilterProblem } from '../../run/filter/expression.ts';
import { parseFilter } from '../../run/filter/parse.ts';
import { element } from '../element.ts';
import type { Text } from '../text.ts';

export interface FilterBox {
  element: HTMLElement;
  focus(): void;
}

/** `ready`: conditions by their wording. `change` hears only filters that can be read. */
export function filterBox(
  value: string,
  names: FilterNames,
  ready: readonly { label: string; condition: string }[],
  text: Text,
  change: (filter: string) => void,
): FilterBox {
  const words = text.filterBox;
  const input = element('input', {
    class: 'filter',
    role: 'combobox',
    'aria-label': words.label,
    'aria-expanded': 'false',
    'aria-controls': 'filter-completions',
    'aria-autocomplete': 'list',
  });
  input.type = 'text';
  input.spellcheck = false;
  input.autocomplete = 'off';
  input.placeholder = words.placeholder;
  input.value = value;
  const options = element('ul', { id: 'filter-completions', class: 'completions', role: 'listbox', hidden: true });
  const problem = element('p', { class: 'filter-problem', role: 'status' });
  let completions: FilterCompletion[] = [];
  let chosen = -1;
  let timer = 0;

  const check = () => {
    const { problem: found } = parseFilter(input.value, names);
    input.setAttribute('aria-invalid', String(found !== null));
    problem.textContent = found ? problemText(found, text) : '';
    return found;
  };
  const apply = () => {
    window.clearTimeout(timer);
    if (!check()) change(input.value.trim());
  };
  const close = () => {
    options.hidden = true;
    chosen = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };
  const draw = () => {
    options.replaceChildren(
      ...completions.map((completion, i) => {
        const item = element(
          'li',
          { role: 'option', id: `filter-completion-${i}`, 'aria-selected': String(i === chosen) },
          element('span', { class: 'insert' }, completion.insert.trim()),
          element('span', { class: 'quiet' }, describe(completion, text)),
        );
        item.addEventListener('mousedown', (event) => {
          event.preventDefault();
          take(completion);
        });
        return item;
      }),
    );
    options.hidden = completions.length === 0;
    input.setAttribute('aria-expanded', String(!options.hidden));
    if (chosen >= 0) {
      input.setAttribute('aria-activedescendant', `filter-completion-${chosen}`);
      options.children[chosen]?.scrollIntoView({ block: 'nearest' });
    } else input.removeAttribute('aria-activedescendant');
  };
  const complete = () => {
    completions = completeFilter(input.value, input.selectionStart ?? input.value.length, names);
    chosen = -1;
    draw();
  };
  const take = ({ insert, from, to }: FilterCompletion) => {
    const spaced = insert.endsWith(' ') || insert.endsWith('(') || insert.endsWith('"') ? insert : `${insert} `;
    input.value = `${input.value.slice(0, from)}${spaced}${input.value.slice(to)}`;
    const inside = spaced.endsWith('""') ? 1 : 0;
    const at = from + spaced.length - inside;
    input.setSelectionRange(at, at);
    complete();
    apply();
  };
  input.addEventListener('input', () => {
    complete();
    window.clearTimeout(timer);
    timer = window.setTimeout(apply, 250);
  });
  input.addEventListener('focus', complete);
  input.addEventListener('blur', close);
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !options.hidden) {
      event.stopPropagation();
      close();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (options.hidden) complete();
      chosen = Math.min(completions.length - 1, Math.max(-1, chosen + (event.key === 'ArrowDown' ? 1 : -1)));
      draw();
    } else if (event.key === 'Enter' || (event.key === 'Tab' && chosen >= 0)) {
      const completion = completions[chosen];
      if (completion) {
        event.preventDefault();
        take(completion);
      } else {
        apply();
        close();
      }
    }
  });
  const menu = element('select', { 'aria-label': words.add, title: words.add });
  menu.append(element('option', {}, words.add));
  for (const { label } of ready) menu.append(element('option', {}, label));
  menu.addEventListener('change', () => {
    const condition = ready[menu.selectedIndex - 1]?.condition;
    menu.selectedIndex = 0;
    if (!condition) return;
    const before = input.value.trim();
    const isOr = /\bor\b|\|\|/.test(before);
    input.value = before === '' ? condition : `${isOr ? `(${before})` : before} and ${condition}`;
    apply();
  });
  check();
  return {
    element: element(
      'div',
      { class: 'filter-box' },
      element('div', { class: 'filter-field' }, input, options),
      menu,
      problem,
    ),
    focus: () => input.focus(),
  };
}

function describe({ kind, insert }: FilterCompletion, text: Text): string {
  const words = text.filterBox;
  if (kind !== 'fact') return words.kinds[kind];
  const known = Object.entries(words.facts).find(([name]) => name === insert);
  return known?.[1] ?? words.kinds.fact;
}

export function problemText(problem: FilterProblem, text: Text): string {
  const words = text.filterBox.problems;
  switch (problem.kind) {
    case 'unknownName':
    case 'unknownRule':
    case 'unknownMetric':
      return words[problem.kind](problem.name, problem.nearest);
    case 'unexpected':
      return words.unexpected(problem.found);
    default:
      return words[problem.kind];
  }
}
