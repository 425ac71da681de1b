import { h } from './dom.ts';
import { lake } from './lake.ts';

/** The form of who is not signed in. */
export function signInView(onSignedIn: () => void): HTMLElement {
  const email = h('input', { type: 'email', autocomplete: 'username', required: true, id: 'email' });
  const password = h('input', { type: 'password', autocomplete: 'current-password', required: true, id: 'password' });
  const problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  const button = h('button', { class: 'main' }, 'Sign in');
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    button.disabled = true;
    try {
      await lake.signIn(email.value, password.value);
      onSignedIn();
    } catch (error) {
      [problem.hidden, problem.textContent] = [false, (error as Error).message];
    }
    button.disabled = false;
  };
  return h(
    'form',
    { class: 'sign-in', onsubmit: (event) => void submit(event) },
    h('h1', {}, 'Sign in'),
    h('label', { for: 'email' }, 'Email', email),
    h('label', { for: 'password' }, 'Password', password),
    problem,
    button,
  );
}
