import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { IntroductionParameter } from "../../lambdas/contracts/introduction.ts";
import type { Ports } from "../../lambdas/domain/ports/index.ts";
import { Launches } from "../helpers/launches.ts";

const written: string[] = [];

beforeEach(() => {
  written.length = 0;
  for (const method of ["debug", "info", "warn", "error", "log"] as const) {
    vi.spyOn(console, method).mockImplementation((...texts) => void written.push(texts.join(" ")));
  }
});
afterEach(() => vi.restoreAllMocks());

/** Remembers every secret that Drover hands out. */
function watched(secrets: Set<string>): (ports: Ports) => Ports {
  return (ports) => ({
    ...ports,
    introductions: ports.introductions && {
      ...ports.introductions,
      put: (id, introduction) => {
        const { nomadIntroductionToken, consulToken, vault } =
          IntroductionParameter.parse(introduction);
        for (const secret of [nomadIntroductionToken, consulToken, vault?.wrappedSecretId]) {
          if (secret) secrets.add(secret);
        }
        return ports.introductions?.put(id, introduction) ?? Promise.resolve();
      },
    },
  });
}

it("writes no secret anywhere: not into records, journal, outcomes or logs", async () => {
  const secrets = new Set<string>();
  const scenario = new Launches({
    join: { timeoutSeconds: 120 },
    image: { failure: (number) => (number === 2 ? { kind: "no-nomad" } : undefined) },
    ports: watched(secrets),
  });
  const abandoned = scenario.launchOne();
  scenario.cluster.vault.faults.next("throttled", 2);
  scenario.cluster.consul.faults.next("overloaded", 2);
  scenario.cluster.aws.faults.throttle("ssm:PutParameter", 2);
  await scenario.finished(abandoned, 3_600);
  const replacement = scenario.members().find((id) => !scenario.instances.includes(id)) ?? "";
  await scenario.finished(replacement);
  for (const { secretId } of scenario.cluster.vault.secretIds()) secrets.add(secretId);
  for (const { id } of scenario.cluster.vault.liveTokens()) secrets.add(id);
  const everything = JSON.stringify([
    scenario.nodes.all(),
    scenario.journal.all(),
    scenario.ports.told,
    written,
  ]);
  expect(secrets.size).toBeGreaterThan(6);
  expect(everything).toContain(replacement);
  for (const secret of secrets) expect(everything).not.toContain(secret);
});
