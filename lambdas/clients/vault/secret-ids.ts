import * as z from "zod";
import type { NodeId } from "../../contracts/ids.ts";
import type { ApiHttp } from "../http/api-http.ts";
import { INSTANCE_METADATA } from "./node-metadata.ts";

const Accessors = z.object({ data: z.object({ keys: z.array(z.string()) }) });
const SecretIdReading = z.object({
  data: z.object({ metadata: z.record(z.string(), z.string()).nullable() }),
});

/** Lookups at the same time. */
const TOGETHER = 4;

/** Whose the unused secret ids of an AppRole role are. */
export class SecretIds {
  readonly #http: ApiHttp;
  readonly #path: string;
  /** The node of an accessor, or null. Metadata never changes, so that one lookup is enough. */
  readonly #nodes = new Map<string, string | null>();

  /** @param path `/v1/auth/<mount>/role/<role>` */
  constructor(http: ApiHttp, path: string) {
    this.#http = http;
    this.#path = path;
  }

  /** Destroys those of a node. @returns how many there were. */
  async destroy(id: NodeId): Promise<number> {
    const accessors = await this.#list();
    this.#forgetAllBut(accessors);
    const unknown = accessors.filter((accessor) => !this.#nodes.has(accessor));
    for (let i = 0; i < unknown.length; i += TOGETHER) {
      await Promise.all(unknown.slice(i, i + TOGETHER).map((each) => this.#lookUp(each)));
    }
    const own = accessors.filter((accessor) => this.#nodes.get(accessor) === id);
    const destroyed = await Promise.all(own.map((accessor) => this.#destroy(accessor)));
    return destroyed.filter(Boolean).length;
  }

  /** With a list's slash, as the policy names it: without it the rule would be that for making some. */
  async #list(): Promise<string[]> {
    const path = `${this.#path}/secret-id/`;
    const found = await this.#http.read(
      { method: "GET", path, query: { list: "true" } },
      Accessors,
    );
    return found?.value.data.keys ?? [];
  }

  async #lookUp(accessor: string): Promise<void> {
    const found = await this.#http.read(this.#call("lookup", accessor), SecretIdReading);
    this.#nodes.set(accessor, found?.value.data.metadata?.[INSTANCE_METADATA] ?? null);
  }

  async #destroy(accessor: string): Promise<boolean> {
    const answer = await this.#http.send(this.#call("destroy", accessor));
    return answer !== undefined;
  }

  #call(what: "lookup" | "destroy", accessor: string) {
    const path = `${this.#path}/secret-id-accessor/${what}`;
    const body = { secret_id_accessor: accessor };
    return { method: "POST", path, body, repeatable: true } as const;
  }

  #forgetAllBut(accessors: readonly string[]): void {
    const listed = new Set(accessors);
    for (const accessor of this.#nodes.keys()) {
      if (!listed.has(accessor)) this.#nodes.delete(accessor);
    }
  }
}
