import { expect, test } from "vitest";
import { NoAnswer } from "../../lambdas/clients/http/exchange.ts";
import { appRoleLogin } from "../../lambdas/clients/vault/app-role-login.ts";
import { readOwnSecretId } from "../../lambdas/clients/vault/own-secret-id.ts";
import { createVaultSession } from "../../lambdas/clients/vault/vault-session.ts";
import type { Kind } from "../../lambdas/domain/rotate/kind.ts";
import { inProcessVault } from "../../local/vault/in-process.ts";
import {
  READABLE_PATH,
  ROTATED_TOKEN_ROLE,
  ROTATION_POLICY,
} from "../../local/vault/rotation-setup.ts";
import { ATTEMPT, certificateKindOf, rotationWorld } from "./vault-rotate-world.ts";

const mintToken = (kind: Kind) => kind.mint(ATTEMPT, {});
const mintSecretId = async (kind: Kind) => kind.mint(ATTEMPT, {}, await kind.choose?.(ATTEMPT));

test.each([
  ["away", "unavailable"],
  ["sealed", "unavailable"],
  ["throttled", "throttled"],
  ["denied", "denied"],
] as const)("Vault %s is %s, never a death, and nothing is done", async (fault, kind) => {
  const { model, tokens, secretIds, certificates, roots, firstCa, barrier } = rotationWorld();
  const ca = await roots.mint(ATTEMPT, await firstCa());
  const made = [
    { kind: tokens, ...(await mintToken(tokens)) },
    { kind: secretIds, ...(await mintSecretId(secretIds)) },
    { kind: certificates, ...(await mintToken(certificates)) },
    { kind: roots, ...ca },
  ];
  const { id } = await barrier.newest();
  const failure = { system: "vault", kind };
  model.faults.set(fault);
  for (const { kind, accessor, value } of made) {
    await expect(kind.identify(value)).rejects.toMatchObject(failure);
    await expect(kind.lookUp(accessor)).rejects.toMatchObject(failure);
    await expect(kind.madeFor(ATTEMPT)).rejects.toMatchObject(failure);
    await expect(kind.test(value)).rejects.toMatchObject(failure);
    await expect(kind.revoke(accessor)).rejects.toMatchObject(failure);
    await expect(kind.mint(ATTEMPT, {}, value)).rejects.toMatchObject(failure);
  }
  await expect(roots.issuing?.current()).rejects.toMatchObject(failure);
  await expect(roots.issuing?.takeOver(ca.accessor)).rejects.toMatchObject(failure);
  await expect(barrier.newest()).rejects.toMatchObject(failure);
  await expect(barrier.rotate()).rejects.toMatchObject(failure);
  model.faults.clear();
  for (const { kind, accessor, value } of made) {
    expect(await kind.identify(value)).toMatchObject({ accessor });
    expect(await kind.madeFor(ATTEMPT)).toEqual([accessor]);
    expect(await kind.test(value)).toEqual({ works: true });
  }
  expect((await barrier.newest()).id).toBe(id);
});

test("a token whose making got no answer is made once, and found", async () => {
  const { model, session, tokens } = rotationWorld();
  await session.token();
  model.faults.next("answer-lost");
  await expect(mintToken(tokens)).rejects.toMatchObject({ kind: "unavailable" });
  const lost = model.liveTokens().filter(({ role }) => role === ROTATED_TOKEN_ROLE);
  expect(await tokens.madeFor(ATTEMPT)).toEqual(lost.map(({ accessor }) => accessor));
  expect(lost).toHaveLength(1);
});

test("a certificate whose making got no answer is made once, and found", async () => {
  const { clock, model, credentials } = rotationWorld();
  const whole = inProcessVault(model);
  const transport = {
    ...whole,
    async send(request: Parameters<typeof whole.send>[0]) {
      const answer = await whole.send(request);
      if (request.path.includes("/issue/")) throw new NoAnswer("model: connection reset");
      return answer;
    },
  };
  const login = appRoleLogin({ credentials: async () => credentials });
  const certificates = certificateKindOf(
    createVaultSession({ address: "model:", transport, login, clock }),
    clock,
  );
  await expect(mintToken(certificates)).rejects.toMatchObject({ kind: "unavailable" });
  const lost = model.pkis.get("pki")?.living();
  expect(lost).toHaveLength(1);
  expect(await certificates.madeFor(ATTEMPT)).toEqual(lost);
});

test("a secret id whose making got no answer is the same one when it is made again", async () => {
  const { model, secretIds } = rotationWorld();
  const chosen = await secretIds.choose?.(ATTEMPT);
  model.faults.next("answer-lost");
  await expect(secretIds.mint(ATTEMPT, {}, chosen)).rejects.toMatchObject({ kind: "unavailable" });
  const { accessor } = await secretIds.mint(ATTEMPT, {}, chosen);
  expect(await secretIds.madeFor(ATTEMPT)).toEqual([accessor]);
});

test("a barrier key whose rotation got no answer is rotated once", async () => {
  const { model, barrier } = rotationWorld();
  const { id } = await barrier.newest();
  model.faults.next("answer-lost");
  await expect(barrier.rotate()).rejects.toMatchObject({ kind: "unavailable" });
  expect(Number((await barrier.newest()).id)).toBe(Number(id) + 1);
});

test("a test path where there is nothing shows nothing", async () => {
  const { model, tokens } = rotationWorld();
  const { value } = await mintToken(tokens);
  model.secrets.clear();
  expect(await tokens.test(value)).toEqual({
    works: false,
    why: `GET /v1/${READABLE_PATH}: there is nothing: correct testPath`,
  });
});

test("a token that nobody renews dies with its period; one that is renewed lives on", async () => {
  const { clock, model, tokens } = rotationWorld();
  const [left, kept] = [await mintToken(tokens), await mintToken(tokens)];
  await clock.advance(3_000);
  model.tokens.renew(model.tokens.find(kept.value.token) ?? expect.fail(), 3_600, true);
  await clock.advance(3_000);
  expect(await tokens.identify(left.value)).toBeUndefined();
  const standing = await tokens.lookUp(kept.accessor);
  expect(standing).toMatchObject({ lifeSeconds: 3_600 });
  expect(standing?.renewedAt?.getTime()).toBe((kept.createdAt?.getTime() ?? 0) + 3_000_000);
});

test.each(
  [...ROTATION_POLICY.matchAll(/^path "([^"]+)" \{[^}]*\}/gm)].map(([rule, path = ""]) => [
    path,
    rule,
  ]),
)("Drover's policy allows %s because it is needed", async (path, rule) => {
  const world = rotationWorld();
  const { model, tokens, secretIds, certificates, roots, intermediates, barrier } = world;
  model.putPolicy("rotate", ROTATION_POLICY.replace(rule, ""));
  const mintCa = async (kind: Kind) => kind.mint(ATTEMPT, await world.firstCa());
  const everything = async () => {
    for (const { kind, make } of [
      { kind: tokens, make: mintToken },
      { kind: secretIds, make: mintSecretId },
      { kind: certificates, make: mintToken },
      { kind: roots, make: mintCa },
      { kind: intermediates, make: mintCa },
    ]) {
      const { value, accessor } = await make(kind);
      await kind.identify(value);
      await kind.test(value);
      await kind.lookUp(accessor);
      await kind.madeFor(ATTEMPT);
      await kind.revoke(accessor);
    }
    await roots.issuing?.takeOver((await roots.issuing.current()) ?? "");
    await roots.revoke("key/none");
    await barrier.newest();
    await barrier.rotate();
    await readOwnSecretId(world.session, "approle", world.credentials);
  };
  const missing = expect.stringContaining(` path "${path}" {`);
  await expect(everything()).rejects.toMatchObject({ kind: "denied", message: missing });
  model.putPolicy("rotate", ROTATION_POLICY);
  await everything();
});
