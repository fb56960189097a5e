import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { plusSeconds } from "../../local/clock.ts";
import { echoFrom } from "../helpers/echo.ts";
import { ROTATED_THINGS } from "../helpers/rotated-things.ts";
import { beginRotation, STEPS } from "../helpers/secrets-manager.ts";
import { ThingRotating } from "../helpers/thing-rotating.ts";

/** Of a CA that another one signs, all that is asked for one that signs itself is asked, too. */
const KINDS = (Object.keys(ROTATED_THINGS) as (keyof typeof ROTATED_THINGS)[]).filter(
  (kind) => kind !== "vault-ca",
);
/** Longer than all bad answers and an attempt after them. */
const SECONDS = 600;
/** Of what a secret holds, that is no secret. */
const PLAIN_FIELDS = ["accessor", "roleId", "certificate", "ca"];

const logged: string[] = [];

beforeAll(() => {
  // The logger then writes by the console that is watched here.
  Object.assign(process.env, { POWERTOOLS_DEV: "true", POWERTOOLS_LOG_LEVEL: "DEBUG" });
});
beforeEach(() => {
  logged.length = 0;
  for (const method of ["debug", "info", "warn", "error", "log"] as const) {
    vi.spyOn(console, method).mockImplementation((...texts) => void logged.push(texts.join(" ")));
  }
});

/** All that is written while a server echoes what it hears. */
class Witness {
  readonly #texts = new Set<string>();

  /** Looks each second: what is in a queue or in the table may be gone later. */
  watch({ world, clock }: ThingRotating): void {
    const look = () => {
      clock.at(plusSeconds(clock.now(), 1), look);
      const { rotations, queue, deadLetters } = world;
      for (const text of [...queue.bodies(), ...deadLetters.bodies()]) this.#texts.add(text);
      this.#texts.add(JSON.stringify(rotations.all()));
    };
    look();
  }

  /** An error as whoever catches it could tell it. */
  caught(error: unknown): void {
    if (!(error instanceof Error)) throw new Error(`no error: ${error}`);
    this.#texts.add([error.message, error.stack, JSON.stringify(error)].join("\n"));
    if (error.cause !== undefined) this.caught(error.cause);
  }

  everything({ world }: ThingRotating): string {
    const ended = [world.journal.all(), world.told(), world.deadLetters.bodies()];
    return [...this.#texts, JSON.stringify(ended), ...logged].join("\n");
  }
}

async function byLooks(world: ThingRotating): Promise<void> {
  await world.start();
}

async function bySteps(world: ThingRotating, witness: Witness): Promise<void> {
  await world.clock.advance(5);
  const { step } = beginRotation(world, "rotated");
  for (const each of STEPS) {
    for (let tries = 0; tries < 9; tries++) {
      const failure = await step(each).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (failure === undefined) break;
      witness.caught(failure);
      await world.clock.advance(30);
    }
  }
}

/** Every secret that was in the rotated secret, in whatever version, or that a request came with. */
function secretsOf(world: ThingRotating, tokens: ReadonlySet<string>): string[] {
  const { versions } = world.aws.secrets.secret("rotated");
  const values = versions.flatMap(({ value }) => {
    if (!value?.startsWith("{")) return value ?? [];
    const fields = Object.entries<string>(JSON.parse(value));
    return fields.filter(([name]) => !PLAIN_FIELDS.includes(name)).map(([, field]) => field);
  });
  // As they are, and as they stand in JSON.
  return [...values, ...tokens].flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]);
}

describe.each([
  ...KINDS.map((kind) => [kind, "a look", byLooks, "waits: "] as const),
  ["consul-token", "Secrets Manager", bySteps, "step failed"],
  ["vault-secret-id", "Secrets Manager", bySteps, "step failed"],
] as const)(
  "a %s that %s has rotated, whose server says back all it hears",
  (...[kind, , begin, sign]) => {
    it("from every third request on: no secret is written anywhere", async () => {
      const rotated = async (n: number) => {
        const { requests, seen } = echoFrom(n);
        const world = new ThingRotating(kind, { requests });
        const witness = new Witness();
        witness.watch(world);
        await begin(world, witness);
        await world.clock.advance(SECONDS);
        return { world, witness, seen };
      };
      const { seen: calm } = await rotated(Number.POSITIVE_INFINITY);
      let told = 0;
      for (let n = 1; n <= calm.requests; n += 3) {
        logged.length = 0;
        const { world, witness, seen } = await rotated(n);
        const secrets = secretsOf(world, seen.tokens);
        // Of a CA what is published is no secret: there is Drover's own token, and that as it stands in JSON.
        const least = kind.startsWith("vault-ca") ? 2 : 3;
        expect(secrets.length, `from request ${n}`).toBeGreaterThanOrEqual(least);
        const everything = witness.everything(world);
        if (everything.includes(sign)) told += 1;
        const leaked = secrets.filter((secret) => everything.includes(secret));
        expect(leaked, `from request ${n}`).toEqual([]);
      }
      // Where nothing is said of trouble, nothing could be said of what is secret.
      expect(told).toBeGreaterThan(1);
    });
  },
);
