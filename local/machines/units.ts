import type { Execution } from "../aws/ssm/command.ts";

/** An agent of a machine, as systemd has it. */
export interface Unit {
  readonly isActive: () => boolean;
  readonly restart: () => Promise<void> | void;
}

/** What the agents of a machine are called, its SSM agent among them. */
export type AgentName = "nomad" | "consul" | "ssm";

/** What runs on a machine: it can die, and be restarted. */
export interface MachineAgents {
  readonly units: Units;
  /** An agent dies without a word. */
  kill(agent: AgentName): Promise<void> | void;
}

/** How long a unit takes to do what it is told. */
const SECONDS_EACH = 2;

/** The parameters of a command of Drover's documents. */
type Parameters = Readonly<Record<string, readonly string[]>>;

/** The units of a machine that can be restarted or reloaded, and which of these fail at it. */
export class Units {
  readonly #units: ReadonlyMap<string, Unit>;
  readonly #broken = new Map<string, string>();

  constructor(units: Readonly<Record<string, Unit>>) {
    this.#units = new Map(Object.entries(units));
  }

  /** From now on a restart or reload fails. @param output what systemd and the agent say of it. */
  break(name: string, output: string): void {
    this.#broken.set(name, output);
  }

  mend(name: string): void {
    this.#broken.delete(name);
  }

  /** Restarts or reloads units in their order, and shows how they are then, as Drover's documents do. */
  async carryOut({
    Units = [],
    Action: [action = "restart"] = [],
  }: Parameters): Promise<Execution> {
    const names = Units.flatMap((text) => text.split(" ")).filter(Boolean);
    const lines: string[] = [];
    let refused = 0;
    for (const name of names) {
      const said = action === "reload" ? this.#reload(name) : await this.#restart(name);
      lines.push(`== ${action} ${name}`, ...said);
      if (action === "reload") refused += said.length;
    }
    const inactive = names.filter((name) => !this.#units.get(plain(name))?.isActive());
    for (const name of names) {
      lines.push(`== ${name} is ${inactive.includes(name) ? "failed" : "active"}`);
      const said = this.#broken.get(plain(name));
      if (said) lines.push(said);
    }
    return {
      exitStatus: inactive.length + refused > 0 ? 1 : 0,
      output: lines.join("\n"),
      seconds: SECONDS_EACH * names.length,
    };
  }

  /** A unit that is reloaded runs on. */
  #reload(name: string): string[] {
    const unit = this.#units.get(plain(name));
    if (!unit) return [`Failed to reload ${name}: Unit ${name}.service not found.`];
    if (!unit.isActive()) return [`${plain(name)}.service is not active, cannot reload.`];
    if (!this.#broken.has(plain(name))) return [];
    return [
      `Job for ${plain(name)}.service failed because the control process exited with error code.`,
    ];
  }

  async #restart(name: string): Promise<string[]> {
    const unit = this.#units.get(plain(name));
    if (!unit) return [`Failed to restart ${name}: Unit ${name}.service not found.`];
    if (!this.#broken.has(plain(name))) await unit.restart();
    if (unit.isActive()) return [];
    return [
      `Job for ${plain(name)}.service failed because the control process exited with error code.`,
    ];
  }
}

function plain(name: string): string {
  return name.replace(/\.service$/, "");
}
