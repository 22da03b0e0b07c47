// The rollouts panel: the rollouts view in a VS Code webview, fed by the extension host.

import './theme.css';
import './rollouts.css';
import { element } from './element.ts';
import { connect } from './host.ts';
import { type FromRollouts, RolloutsState, ToRollouts } from './messages.ts';
import type { RolloutsView } from './rollouts/contract.ts';
import { rolloutsView } from './rollouts/view.ts';
import { textOf } from './text.ts';

const host = connect<ToRollouts, FromRollouts, RolloutsState>(ToRollouts, RolloutsState);
const main = element('main');
document.body.append(main);
let view: RolloutsView | null = null;

host.receive((message) => {
  if (message.kind === 'error') {
    main.querySelector('.failure')?.remove();
    main.prepend(element('p', { class: 'failure', role: 'alert' }, message.text));
  } else if (message.kind === 'run') {
    document.documentElement.lang = message.language;
    main.querySelector('.failure')?.remove();
    view ??= opened(RolloutsState.parse({ ...host.state(), folder: message.folder }), message.language);
    view.showRun(message, message.selected, message);
  } else if (message.kind === 'listing') view?.showListing(message);
  else if (message.kind === 'indexing') view?.showIndexing(message);
  else if (message.kind === 'items') view?.showItems(message);
  else if (message.kind === 'sample') view?.showSample(message);
  else if (message.kind === 'lift') view?.showLift(message);
  else if (message.kind === 'noted') view?.noted(message.folder);
  else view?.giveLink();
});

function opened(state: RolloutsState, language: Parameters<typeof textOf>[0]): RolloutsView {
  const made = rolloutsView(state, textOf(language), {
    list: (folder, listing, query, open) => host.send({ kind: 'list', folder, listing, query, open }),
    items: (folder, listing, from, to) => host.send({ kind: 'items', folder, listing, from, to }),
    sample: (folder, place) => host.send({ kind: 'sample', folder, ...place }),
    lift: (folder, place) => host.send({ kind: 'lift', folder, ...place }),
    note: (folder, { prompt_index, sample }, set, starred, note) =>
      host.send({ kind: 'note', folder, set, prompt_index, sample, starred, note }),
    star: (folder, chosen, starred) => host.send({ kind: 'star', folder, chosen, starred }),
    exportRows: (folder, listing, format, chosen) => host.send({ kind: 'export', folder, listing, format, chosen }),
    step: (folder, step) => host.send({ kind: 'step', folder, step }),
    selectRun: (folder, set) => host.send({ kind: 'selectRun', folder, set }),
    addExample: (folder, place) => host.send({ kind: 'addExample', folder, ...place }),
    copy: (text) => host.send({ kind: 'copy', text }),
    copyLink: (link) => host.send({ kind: 'copyLink', state: { ...link, ticked: [] } }),
    keep: (kept) => host.keep(kept),
  });
  main.append(element('h1', { class: 'hidden-text' }, textOf(language).rollouts), made.element);
  return made;
}

host.send({ kind: 'ready' });
