export interface StartSessionDeps {
  /** Asks Cognito. @returns nothing when it wants more than a password. */
  authenticate(
    email: string,
    password: string,
  ): Promise<{ readonly AccessToken?: string | undefined; readonly ExpiresIn?: number | undefined } | undefined>;
  now(): Date;
}

/** Not the right address and password, or an account that needs something first: who asks is not told which. */
const refusals = new Set([
  'NotAuthorizedException',
  'UserNotFoundException',
  'UserNotConfirmedException',
  'PasswordResetRequiredException',
]);

/** Signs somebody in. @returns their token and how long it is one, or undefined when they are not signed in. */
export const startSession =
  ({ authenticate, now }: StartSessionDeps) =>
  async (email: string, password: string): Promise<{ readonly token: string; readonly expiresAt: string } | undefined> => {
    try {
      const { AccessToken, ExpiresIn = 3600 } = (await authenticate(email, password)) ?? {};
      return AccessToken === undefined
        ? undefined
        : { token: AccessToken, expiresAt: new Date(now().getTime() + ExpiresIn * 1000).toISOString() };
    } catch (error) {
      if (error instanceof Error && refusals.has(error.name)) return undefined;
      throw error;
    }
  };
