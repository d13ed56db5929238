import { renderInTestApp } from '@backstage/frontend-test-utils';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Component } from 'react';
import type { ReactNode } from 'react';
import { lazyPart } from './lazyPart';

function Greeting({ name }: { name: string }) {
  return <p>Hello {name}</p>;
}

function Broken(): never {
  throw new Error('It is broken itself');
}

/** What a page does with errors. */
class Page extends Component<{ children: ReactNode }, { error?: Error }> {
  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override state: { error?: Error } = {};

  override render() {
    return this.state.error?.message ?? this.props.children;
  }
}

it('that cannot be loaded is said in its place, and can be tried again', async () => {
  jest.spyOn(console, 'error').mockImplementation(() => {});
  let tries = 0;
  const Part = lazyPart('Greeting', async () => {
    tries += 1;
    if (tries === 1) throw new Error('Loading chunk 7 failed');
    return { Greeting };
  });
  renderInTestApp(
    <>
      <h2>The rest</h2>
      <Part name="there" />
    </>,
  );
  expect(await screen.findByRole('alert')).toHaveTextContent(
    'This part of the page could not be loaded',
  );
  expect(screen.getByText('The rest')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('Hello there')).toBeInTheDocument();
  expect(screen.queryByRole('alert')).toBeNull();
});

it('that fails by itself is not called one that cannot be loaded', async () => {
  jest.spyOn(console, 'error').mockImplementation(() => {});
  const Part = lazyPart('Broken', async () => ({ Broken }));
  renderInTestApp(
    <Page>
      <Part />
    </Page>,
  );
  expect(await screen.findByText('It is broken itself')).toBeInTheDocument();
});

it('is loaded before it is shown where that is asked for', async () => {
  const load = jest.fn(async () => ({ Greeting }));
  const Part = lazyPart('Greeting', load);
  Part.load();
  expect(load).toHaveBeenCalledTimes(1);
});
