import type { ModelClock } from "../clock.ts";
import { Lockout } from "./lockout.ts";
import { SecretIds } from "./secret-ids.ts";

export interface AppRoleInput {
  readonly policies: readonly string[];
  /** Of the tokens it gives. @default 2 764 800, 32 days, as Vault */
  readonly tokenTtlSeconds?: number;
  /** The most a secret id may ask for; 0: no limit. @default 0 */
  readonly secretIdTtlSeconds?: number;
  /** @default 0, any number */
  readonly secretIdNumUses?: number;
}

export interface AppRole extends Required<AppRoleInput> {
  readonly name: string;
  readonly roleId: string;
  readonly secretIds: SecretIds;
  readonly lockout: Lockout;
}

const DEFAULT_TTL_SECONDS = 2_764_800;

/** An AppRole auth method. */
export class AppRoles {
  readonly #clock: ModelClock;
  readonly #newId: () => string;
  readonly #roles = new Map<string, AppRole>();

  constructor(clock: ModelClock, newId: () => string) {
    this.#clock = clock;
    this.#newId = newId;
  }

  add(name: string, input: AppRoleInput): AppRole {
    const role = {
      tokenTtlSeconds: DEFAULT_TTL_SECONDS,
      secretIdTtlSeconds: 0,
      secretIdNumUses: 0,
      ...input,
      name,
      roleId: this.#newId(),
      secretIds: new SecretIds(this.#clock, this.#newId),
      lockout: new Lockout(this.#clock),
    };
    this.#roles.set(name, role);
    return role;
  }

  role(name: string): AppRole | undefined {
    return this.#roles.get(name);
  }

  byRoleId(roleId: string): AppRole | undefined {
    return this.all().find((role) => role.roleId === roleId);
  }

  all(): AppRole[] {
    return [...this.#roles.values()];
  }
}
