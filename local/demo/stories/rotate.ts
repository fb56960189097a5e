import { RotationName } from "../../../lambdas/contracts/config/rotate.ts";
import { ROTATION_DETAIL_TYPE, ROTATION_SOURCE } from "../../../lambdas/contracts/names.ts";
import { ROTATION_OUTCOMES } from "../../../lambdas/contracts/rotation-item.ts";
import type { AwsModel } from "../../aws/aws-model.ts";
import { LOCAL_BUS } from "../../stack/environment.ts";
import type { LocalStack } from "../../stack.ts";
import { READABLE_PATH, ROTATED_TOKEN_ROLE } from "../../vault/rotation-setup.ts";
import type { Speaker } from "../happening.ts";
import { type Moment, Moments } from "../moments.ts";
import { accessorsOf, recordedAccessors, troublesOf } from "../rotation-findings.ts";
import type { Story } from "../story.ts";
import { heldIn, TokenConsumer } from "../token-consumer.ts";
import { noteSaid, watchRotation } from "../watch-rotation.ts";

const NAME = RotationName.parse("nomad-vault-token");
const SECRET = "nomad/vault-token";
const REREAD_SECONDS = 6;
const GRACE_SECONDS = 8;
/** How often the consumer uses its token before it all begins, and when all is over. */
const CALLS = 3;

/** What has to happen, in this order. */
const ROTATE_MOMENTS: readonly Moment[] = [
  "asked",
  "stored",
  "tested",
  "promoted",
  "taken",
  "useSeen",
  "graced",
  "oldRevoked",
  "oldDead",
  "oldRefused",
];

/** A token of Vault is rotated while it is in use. */
export const rotate: Story = {
  opening: `
1  A program holds a token of Vault's, out of a secret in Secrets Manager, and reads with it every second.
   Every ${REREAD_SECONDS} s it reads the secret anew, and renews what it finds; nobody tells it to. Now an operator has
   the token rotated (drover rotate). The new one is stored as the pending version, and tried by a real
   call, before anybody can get it.
`,
  limitSeconds: 60,
  stage: {
    jobs: [],
    rotate: {
      of: [
        {
          name: NAME,
          kind: "vault-token",
          role: ROTATED_TOKEN_ROLE,
          secret: SECRET,
          testPath: READABLE_PATH,
          startedBy: "schedule",
          verifySeconds: 30,
          graceSeconds: GRACE_SECONDS,
        },
      ],
    },
  },

  async play(stack, narrator) {
    const { aws, vault } = stack.cluster;
    const { clock } = aws;
    const old = heldIn(aws.secrets.get(SECRET).value);
    const others = accessorsOf(vault.liveTokens()).filter((each) => each !== old.accessor);
    const moments = new Moments(ROTATE_MOMENTS);
    const tell = (who: Speaker, text: string) => narrator.tell({ at: clock.now(), who, text });
    const consumer = newConsumer(stack, (text, accessor = old.accessor) => {
      tell("the consumer", text);
      if (accessor !== old.accessor) moments.note("taken", clock.now());
    });
    const until = (what: string, isSo: () => boolean) =>
      narrator.until(what, (said) => {
        noteSaid(said(NAME), moments, clock.now());
        return isSo() || said(NAME).some(isEnd);
      });
    narrator.followRotation(NAME);
    watchRotation(stack.cluster, { secret: SECRET, old: old.accessor, moments }, narrator);
    try {
      await consumer.start();
      await narrator.until("the consumer uses its token", () => consumer.calls >= CALLS);
      ask(aws);
      moments.note("asked", clock.now());
      tell("the demo", `asks for ${NAME} to be rotated`);
      await until("the new one is current", () => moments.has("promoted"));
      await narrator.untilAllTold();

      narrator.chapter(
        "\n2  Whoever reads the secret from now on gets the new one. The old one works as before, and who has it\n" +
          "   notices nothing. That the new one is in use, Drover believes when Vault says that it was renewed.\n",
      );
      await until("Drover sees the new one in use", () => moments.has("useSeen"));
      await narrator.untilAllTold();

      narrator.chapter(
        `\n3  It is. The old one lives on for ${GRACE_SECONDS} s (an hour, unless told otherwise), for whoever is slow.\n`,
      );
      await until("the old one is dead", () => false);
      const { calls } = consumer;
      await narrator.until("the consumer goes on", () => consumer.calls >= calls + CALLS);
      const status = await consumer.statusWith(old.token);
      tell("Vault", `answers ${status} to the old token`);
      if (status === 403) moments.note("oldRefused", clock.now());
    } finally {
      consumer.stop();
    }
    const living = accessorsOf(vault.liveTokens()).filter((each) => !others.includes(each));
    const recorded = await recordedAccessors(NAME);
    const since = moments.seconds.bind(moments);
    return {
      subjects: [],
      troubles: troublesOf({ name: NAME, moments, consumer, old: old.accessor, living, recorded }),
      measured: {
        rotation: {
          "asked to current": since("asked", "promoted"),
          "current to taken by the consumer": since("promoted", "taken"),
          "taken to seen in use": since("taken", "useSeen"),
          "seen in use to the old one dead": since("useSeen", "oldDead"),
        },
      },
      moral:
        `The consumer made ${consumer.calls} calls, one a second, and was never refused. The old token is dead, and\n` +
        "the one in the record is the only one for consumers that lives.",
    };
  },
};

function newConsumer(
  { cluster, addresses }: LocalStack,
  hear: (text: string, accessor?: string) => void,
): TokenConsumer {
  return new TokenConsumer({
    clock: cluster.aws.clock,
    address: addresses.vault,
    secret: SECRET,
    path: READABLE_PATH,
    rereadSeconds: REREAD_SECONDS,
    onChange: (accessor) =>
      hear(`reads a token in the secret, accessor ${accessor}, and renews it`, accessor),
    onRefusal: (why) => hear(`WAS REFUSED: ${why}`),
  });
}

/** What `drover rotate` does. */
function ask({ eventBridge }: AwsModel): void {
  const detail = JSON.stringify({ name: NAME, dryRun: false });
  const event = { source: ROTATION_SOURCE, detailType: ROTATION_DETAIL_TYPE, detail };
  const [result] = eventBridge.putEvents([{ ...event, bus: LOCAL_BUS }]);
  if (!result || !("eventId" in result))
    throw new Error(`the event was refused: ${result?.message}`);
}

function isEnd(line: string): boolean {
  return ROTATION_OUTCOMES.some((outcome) => line.startsWith(`${outcome}: `));
}
