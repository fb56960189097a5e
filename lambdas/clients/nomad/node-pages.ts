import * as z from "zod";
import type { ApiHttp } from "../http/api-http.ts";

/** Which nodes are listed, and how many in one answer. */
export interface NodeListQuery {
  /** In go-bexpr, on the full nodes. @default all nodes */
  readonly filter?: string;
  readonly perPage: number;
}

/**
 * Lists nodes page by page: no more than one page is ever held here.
 * @param stub what is read of each node of `GET /v1/nodes`.
 */
export async function* nodePages<Stub extends z.ZodType>(
  http: ApiHttp,
  stub: Stub,
  { filter, perPage }: NodeListQuery,
): AsyncGenerator<readonly z.infer<Stub>[]> {
  const Page = z.array(stub);
  let next: string | undefined;
  do {
    const query = {
      ...(filter && { filter }),
      per_page: `${perPage}`,
      ...(next && { next_token: next }),
    };
    const page = await http.read({ method: "GET", path: "/v1/nodes", query }, Page);
    yield page?.value ?? [];
    // The token of the next page stands nowhere but in this header.
    next = page?.answer.headers["x-nomad-nexttoken"];
  } while (next);
}

/** All pages in one. */
export async function allNodes<Stub extends z.ZodType>(
  http: ApiHttp,
  stub: Stub,
  query: NodeListQuery,
): Promise<z.infer<Stub>[]> {
  const nodes: z.infer<Stub>[] = [];
  for await (const page of nodePages(http, stub, query)) nodes.push(...page);
  return nodes;
}
