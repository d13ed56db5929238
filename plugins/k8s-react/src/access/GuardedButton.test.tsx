import { renderInTestApp } from '@backstage/frontend-test-utils';
import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { fakeK8sApi } from '../__testUtils__/fakeK8sApi';
import { k8sApiRef } from '../api/K8sApi';
import type { AccessDecision } from '../api/K8sApi';
import { K8sProvider } from '../data/K8sProvider';
import { GuardedButton } from './GuardedButton';

async function show(decision: AccessDecision, unavailable?: string) {
  const onPress = jest.fn();
  const { api } = fakeK8sApi(() => ({ body: {} }), { access: () => decision });
  renderInTestApp(
    <K8sProvider>
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
  return { onPress, button: await screen.findByRole('button') };
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
});
