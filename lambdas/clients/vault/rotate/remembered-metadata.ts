import type { VaultSession } from "../vault-session.ts";

type Metadata = Readonly<Record<string, string>> | null | undefined;

const REMEMBERED = new WeakMap<VaultSession, Map<string, Metadata>>();

/**
 * The metadata of tokens, each looked up once for all rotations of a session: it never changes, and there can be
 * many tokens.
 * @param listed the accessors of all that live; what is remembered of others is forgotten.
 */
export function metadataOf(
  session: VaultSession,
  listed: readonly string[],
  lookUp: (accessor: string) => Promise<Metadata>,
): (accessor: string) => Promise<Metadata> {
  const known = REMEMBERED.get(session) ?? new Map<string, Metadata>();
  REMEMBERED.set(session, known);
  const living = new Set(listed);
  for (const accessor of known.keys()) if (!living.has(accessor)) known.delete(accessor);
  return async (accessor) => {
    const remembered = known.get(accessor);
    if (remembered !== undefined) return remembered;
    const found = (await lookUp(accessor)) ?? null;
    known.set(accessor, found);
    return found;
  };
}
