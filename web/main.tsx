import { signal } from '@preact/signals';
import { render } from 'preact';

type ServerFacts = { readonly name: string; readonly missingOption: string | null };

function start(page: Element): void {
  const server = signal(JSON.parse(document.getElementById('server')?.textContent ?? '{}') as ServerFacts);
  const { name, missingOption } = server.value;
  const warning = missingOption === null ? null : <p>The operator starts this server with {missingOption}.</p>;
  render(
    <main>
      <h1>{name}</h1>
      {warning}
    </main>,
    page,
  );
}

const page = document.getElementById('page');
if (page !== null) start(page);
