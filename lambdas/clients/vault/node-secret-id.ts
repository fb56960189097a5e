import { randomBytes } from "node:crypto";
import * as z from "zod";
import type { NodeId } from "../../contracts/ids.ts";
import type { ApiCall, ApiHttp } from "../http/api-http.ts";
import { nodeMetadata } from "./node-metadata.ts";

const SECRET_BYTES = 32;

const WrappingReading = z.object({
  wrap_info: z.object({ token: z.string().min(1), creation_path: z.string().min(1) }),
});

/**
 * A secret id for one login of a node. It is chosen here: the answer that would tell what Vault has
 * chosen goes to the node in its wrapping, and one that could not be handed on would have to be looked
 * for among all. It is kept in memory alone.
 */
export class NodeSecretId {
  /** What the lookup of its wrapping says it was made by. */
  readonly creationPath: string;
  readonly #http: ApiHttp;
  readonly #rolePath: string;
  readonly #secret = randomBytes(SECRET_BYTES).toString("hex");

  /** @param rolePath `auth/<mount>/role/<role>` */
  constructor(http: ApiHttp, rolePath: string) {
    this.#http = http;
    this.#rolePath = rolePath;
    this.creationPath = `${rolePath}/custom-secret-id`;
  }

  /** Makes it. @returns the wrapping and what made that; undefined when there is no such role. */
  async wrap(id: NodeId, deployment: string, ttlSeconds: number) {
    const found = await this.#http.read(
      {
        ...this.#call("custom-secret-id", {
          metadata: nodeMetadata(id, deployment),
          num_uses: 1,
          ttl: `${ttlSeconds}s`,
        }),
        headers: { "X-Vault-Wrap-TTL": `${ttlSeconds}s` },
      },
      WrappingReading,
    );
    return found?.value.wrap_info;
  }

  /** Destroys it. One that was used or has expired is destroyed already: Vault says 204 all the same. */
  async destroy(): Promise<void> {
    await this.#http.send({ ...this.#call("secret-id/destroy", {}), repeatable: true });
  }

  #call(what: string, fields: Readonly<Record<string, unknown>>): ApiCall {
    return {
      method: "POST",
      path: `/v1/${this.#rolePath}/${what}`,
      body: { secret_id: this.#secret, ...fields },
      secrets: [this.#secret],
    };
  }
}
