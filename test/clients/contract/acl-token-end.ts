import { expect } from "vitest";
import type { Kind, Minted } from "../../../lambdas/domain/rotate/kind.ts";

const UNKNOWN = "99999999-9999-4999-8999-999999999999";

/** That revoking ends a token, done twice it is the same, and the one it was made like lives on. */
export async function expectDeadOnceRevoked(
  kind: Kind,
  { value, accessor }: Minted,
  current: string,
): Promise<void> {
  const before = await kind.identify({ token: current });
  await kind.revoke(accessor);
  expect(await kind.identify(value)).toBeUndefined();
  expect(await kind.lookUp(accessor)).toBeUndefined();
  expect(await kind.test(value)).toMatchObject({ works: false });
  await kind.revoke(accessor);
  expect(before?.accessor).not.toBe(accessor);
  expect(await kind.identify({ token: current })).toEqual(before);
  expect(await kind.identify({ token: UNKNOWN })).toBeUndefined();
  expect(await kind.lookUp(UNKNOWN)).toBeUndefined();
}

/** That a token of a minute says so, and is dead when that is over. */
export async function expectDeadAfterAMinute(
  kind: Kind,
  { value, accessor, createdAt, expiresAt, lifeSeconds }: Minted,
  until: (isSo: () => Promise<boolean>, limitSeconds: number) => Promise<void>,
): Promise<void> {
  expect(lifeSeconds).toBe(60);
  expect((expiresAt?.getTime() ?? 0) - (createdAt?.getTime() ?? 0)).toBe(60_000);
  expect(await kind.lookUp(accessor)).toEqual({ accessor, createdAt, expiresAt, lifeSeconds });
  await until(async () => (await kind.identify(value)) === undefined, 70);
  expect(await kind.lookUp(accessor)).toBeUndefined();
  expect(await kind.test(value)).toMatchObject({ works: false });
}
