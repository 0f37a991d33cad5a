import type { SignInState } from '../../../portal/index.ts';
import { Procedure } from '../sign-in/procedure.tsx';

/** Name and password, then the second factor, then on to where the reader wanted to go. */
export function Page({ state }: { state: SignInState }) {
  return <Procedure state={state} first={{ at: 'password' }} />;
}
