import { renderInTestApp } from '@backstage/frontend-test-utils';
import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fakeK8sApi } from '../__testUtils__/fakeK8sApi';
import { k8sApiRef } from '../api/K8sApi';
import type { AccessDecision } from '../api/K8sApi';
import { K8sApiError } from '../data/K8sApiError';
import { K8sProvider } from '../data/K8sProvider';
import { AccessBanner } from './AccessBanner';
import { GuardedButton } from './GuardedButton';

async function show(
  decision: AccessDecision | (() => AccessDecision),
  unavailable?: string,
) {
  const onPress = jest.fn();
  const { api, setState } = fakeK8sApi(() => ({ body: {} }), {
    access: () => (typeof decision === 'function' ? decision() : decision),
  });
  renderInTestApp(
    <K8sProvider>
      <AccessBanner />
      <GuardedButton
        reviews={[{ action: 'cluster.delete', cluster: 'eu' }]}
        unavailable={unavailable}
        onPress={onPress}
      >
        Remove
      </GuardedButton>
    </K8sProvider>,
    { apis: [[k8sApiRef, api]] },
  );
  const button = await screen.findByRole('button', { name: 'Remove' });
  return { onPress, button, setState };
}

describe('GuardedButton', () => {
  it('does what it says for who may', async () => {
    const { onPress } = await show({ allowed: true });
    const button = await screen.findByRole('button', { name: 'Remove' });
    act(() => button.focus());
    await waitFor(() => expect(button).not.toHaveAttribute('aria-disabled'));
    expect(button).toHaveFocus();
    await userEvent.click(button);
    expect(onPress).toHaveBeenCalledTimes(1);
  });

  it('does nothing for who may not, can be reached, and says which role is missing', async () => {
    const { onPress, button } = await show({
      allowed: false,
      role: 'K8sAdmin',
      reason: 'long words',
    });
    expect(button).toHaveAttribute('aria-disabled', 'true');
    await userEvent.click(button);
    await userEvent.keyboard('{Enter}');
    expect(onPress).not.toHaveBeenCalled();
    act(() => button.blur());
    await userEvent.tab();
    expect(button).toHaveFocus();
    expect(
      await screen.findByText(
        'Needs K8sAdmin. Ask an administrator of the portal.',
      ),
    ).toBeInTheDocument();
  });

  it('gives the reason where no role would help', async () => {
    await show({ allowed: false, reason: 'permission.enabled is not true' });
    await userEvent.tab();
    expect(
      await screen.findByText('permission.enabled is not true'),
    ).toBeInTheDocument();
  });

  it('says what stands in the way of who may', async () => {
    const { onPress, button } = await show({ allowed: true }, 'No revision');
    await screen.findByRole('button', { name: 'Remove' });
    await userEvent.tab();
    expect(await screen.findByText('No revision')).toBeInTheDocument();
    await userEvent.click(button);
    expect(onPress).not.toHaveBeenCalled();
  });

  it('says on a touch what it may not be pressed for', async () => {
    const { button } = await show({ allowed: false, role: 'K8sAdmin' });
    await screen.findByRole('button', { name: 'Remove' });
    await userEvent.pointer({ keys: '[TouchA]', target: button });
    expect(
      await screen.findByText(/Needs K8sAdmin/, { selector: '*' }),
    ).toBeInTheDocument();
  });
});

describe('rights that cannot be had', () => {
  const refusal = K8sApiError.fromAnswer(400, {
    error: { message: 'the policy is away' },
  });
  /** Answers that they cannot be had until `mend` is called. */
  const broken = () => {
    let isMended = false;
    const access = jest.fn((): AccessDecision => {
      if (!isMended) throw refusal;
      return { allowed: true };
    });
    const mend = () => {
      isMended = true;
    };
    return { access, mend };
  };

  it('are no rights, with why, and a press asks again', async () => {
    const { access, mend } = broken();
    const { button, onPress } = await show(access);
    expect(await screen.findByRole('alert')).toHaveTextContent(
      /could not be checked.*the policy is away/,
    );
    expect(button).toHaveAttribute('aria-disabled', 'true');
    await userEvent.tab();
    await userEvent.tab();
    expect(button).toHaveFocus();
    expect(
      await screen.findByText(
        'Your rights could not be checked: the policy is away Press to check again.',
      ),
    ).toBeInTheDocument();
    mend();
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(button).not.toHaveAttribute('aria-disabled'));
    expect(onPress).not.toHaveBeenCalled();
    expect(screen.queryByRole('alert')).toBeNull();
    await userEvent.keyboard('{Enter}');
    expect(onPress).toHaveBeenCalledTimes(1);
  });

  it('are asked for again at the top of the page, as often as it takes', async () => {
    const { access, mend } = broken();
    const { button } = await show(access);
    const retry = await screen.findByRole('button', { name: 'Try again' });
    const before = access.mock.calls.length;
    await userEvent.click(retry);
    await waitFor(() => expect(access.mock.calls.length).toBe(before + 1));
    expect(
      await screen.findByRole('button', { name: 'Try again' }),
    ).toBeInTheDocument();
    mend();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
    expect(button).not.toHaveAttribute('aria-disabled');
  });

  it('are asked for again when the connection is back', async () => {
    const { access, mend } = broken();
    const { button, setState } = await show(access);
    await screen.findByRole('alert');
    act(() => setState({ state: 'down', since: 0 }));
    mend();
    act(() => setState({ state: 'live' }));
    await waitFor(() => expect(button).not.toHaveAttribute('aria-disabled'));
    expect(screen.queryByRole('alert')).toBeNull();
  });
});
