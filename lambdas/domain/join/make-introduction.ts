import type { IntroductionParameter } from "../../contracts/introduction.ts";
import type { Pass } from "../pass.ts";
import type { WrappedSecretId } from "../ports/vault.ts";

/** What an instance is to be given, and how to take back what nobody would find again. */
export interface MadeIntroduction {
  readonly introduction: IntroductionParameter;
  undo(): Promise<void>;
}

/**
 * Makes a token to introduce itself to Nomad, a Consul token with the node's identity, and a wrapped
 * secret id of Vault. In this order: what leaves nothing behind, what is found again, what has to be
 * destroyed.
 */
export async function makeIntroduction(pass: Pass, nodeName: string): Promise<MadeIntroduction> {
  const nomadIntroductionToken = await nomadToken(pass, nodeName);
  const consulToken = await nodeToken(pass, nodeName);
  const wrapped = await wrappedSecretId(pass);
  return {
    introduction: {
      nodeName,
      ...(nomadIntroductionToken && { nomadIntroductionToken }),
      ...(consulToken && { consulToken }),
      ...(wrapped && { vault: given(wrapped) }),
    },
    async undo() {
      await wrapped?.destroy();
      pass.join({ making: undefined });
    },
  };
}

async function nomadToken(pass: Pass, nodeName: string): Promise<string | undefined> {
  const nomad = pass.config.introduction?.nomad;
  if (!nomad) return undefined;
  const { nodePool } = pass.joinPolicy;
  const token = await pass.ports.nomad.introductionToken(nodeName, nodePool, nomad.ttlSeconds);
  if (token !== "unsupported") return token.jwt;
  pass.saw("Nomad is older than 1.11 and makes no introduction tokens: it joins without one");
  return undefined;
}

async function nodeToken(pass: Pass, nodeName: string): Promise<string | undefined> {
  const { consul } = pass.ports;
  if (!consul || !pass.config.introduction?.consul) return undefined;
  return consul.issueNodeToken(pass.record.nodeId, nodeName);
}

async function wrappedSecretId(pass: Pass): Promise<WrappedSecretId | undefined> {
  const { ports, config, record } = pass;
  const ttlSeconds = config.introduction?.vault?.ttlSeconds;
  if (!ports.vault || !ttlSeconds) return undefined;
  // Its answer can get lost: then somebody has to look for it.
  pass.join({ making: true });
  return ports.vault.wrapSecretId(record.nodeId, ttlSeconds);
}

function given({ mount, roleId, wrappingToken, creationPath }: WrappedSecretId) {
  return { mount, roleId, wrappedSecretId: wrappingToken, creationPath };
}
