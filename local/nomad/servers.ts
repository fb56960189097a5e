import { seededChance } from "./chance.ts";
import { type ModelServer, newServer } from "./server.ts";
import type { State } from "./state.ts";

/** From the loss of a leader to the next one, as seen on three servers of 2.0. */
const ELECTION_SECONDS = 4;
/** From a server's death until autopilot calls it unhealthy: Serf runs with its slow WAN timings. */
const NOTICED_SECONDS = 38;
/** From then until autopilot takes it out of the peers (`CleanupDeadServers`). */
const REMOVED_SECONDS = 2;
/** A new server is no voter at first: healthy after the first, a voter after the second. */
const HEALTHY_SECONDS = 2;
const VOTER_SECONDS = 19;

/** What leading means for the rest of the cluster. */
export interface Followers {
  lost(): void;
  gained(): void;
}

/** Nomad's servers: who leads, and what autopilot makes of them. */
export class Servers {
  readonly #state: State;
  readonly #followers: Followers;
  readonly #chance: () => number;
  #all: ModelServer[];
  #leader: ModelServer | undefined;
  #electing = false;
  #term = 2;

  /** @param count all of them voters; the first one leads. */
  constructor(state: State, count: number, followers: Followers) {
    this.#state = state;
    this.#followers = followers;
    this.#chance = seededChance(count);
    this.#all = Array.from({ length: count }, (_, n) => newServer(n, this.#chance, state.now()));
    this.#leader = this.#all[0];
  }

  /** Those that autopilot lists. */
  get all(): readonly ModelServer[] {
    return this.#all;
  }

  get leader(): ModelServer | undefined {
    return this.#leader;
  }

  /** Raft's term: each leader has one of its own, also one that leads again. */
  get term(): number {
    return this.#term;
  }

  /** What every request meets now; undefined when all is well. */
  trouble(): "away" | "leader-lost" | "no-leader" | undefined {
    if (!this.#all.some(({ running }) => running)) return "away";
    if (this.#leader) return undefined;
    return this.#electing && this.#hasQuorum() ? "leader-lost" : "no-leader";
  }

  /** Another voter leads from now on; an only one has lost the lead for a moment. */
  changeLeader(): void {
    if (!this.#hasQuorum()) throw new Error("no server can lead without a quorum");
    const voters = this.#runningVoters();
    const at = this.#leader ? voters.indexOf(this.#leader) : -1;
    this.#lead(voters[(at + 1) % voters.length]);
  }

  /** The server's process, or its machine, dies without a word. */
  kill(name: string): void {
    const server = this.#server(name);
    if (!server.running) return;
    server.running = false;
    server.deaths++;
    this.#noticeLater(server);
    if (server === this.#leader || !this.#hasQuorum()) this.#loseLeader();
  }

  /** It runs again: as it was, or, if autopilot has taken it out, as a new server of that name. */
  start(name: string): void {
    const number = Number(/\d+/.exec(name)?.[0]);
    const known = this.#all.find((server) => server.name === name);
    if (known) {
      known.running = true;
      this.setHealthy(name, true);
    } else this.#join(newServer(number, this.#chance, this.#state.now()));
    if (!this.#leader) this.#electSoon();
  }

  /** It lives, and lags behind or can't be reached by the leader in time; or no longer so. */
  setHealthy(name: string, healthy: boolean): void {
    const server = this.#server(name);
    if (server.healthy === healthy) return;
    Object.assign(server, { healthy, serfStatus: "alive", stableSince: this.#state.now() });
  }

  #server(name: string): ModelServer {
    const found = this.#all.find((server) => server.name === name);
    if (!found) throw new Error(`there is no server ${name}`);
    return found;
  }

  #runningVoters(): ModelServer[] {
    return this.#all.filter(({ running, voter }) => running && voter);
  }

  #hasQuorum(): boolean {
    return this.#runningVoters().length * 2 > this.#all.filter(({ voter }) => voter).length;
  }

  #loseLeader(): void {
    this.#leader = undefined;
    this.#followers.lost();
    this.#electSoon();
  }

  #electSoon(): void {
    if (this.#electing) return;
    this.#electing = true;
    this.#later(ELECTION_SECONDS, () => {
      this.#electing = false;
      if (this.#hasQuorum()) this.#lead(this.#runningVoters()[0]);
    });
  }

  #lead(server: ModelServer | undefined): void {
    this.#leader = server;
    this.#term++;
    this.#followers.gained();
    for (const server of this.#all) if (!server.running) this.#noticeLater(server);
  }

  #noticeLater(server: ModelServer): void {
    const { deaths } = server;
    this.#later(NOTICED_SECONDS, () => {
      if (!server.running && server.deaths === deaths) this.#notice(server);
    });
  }

  // Nobody notices without a leader: the next one does.
  #notice(server: ModelServer): void {
    if (!this.#leader || !server.healthy) return;
    Object.assign(server, { healthy: false, serfStatus: "left", stableSince: this.#state.now() });
    this.#later(REMOVED_SECONDS, () => {
      if (!server.running && this.#leader) this.#all = this.#all.filter((one) => one !== server);
    });
  }

  #join(server: ModelServer): void {
    Object.assign(server, { healthy: false, voter: false });
    this.#all.push(server);
    this.#later(HEALTHY_SECONDS, () => {
      if (server.running) this.setHealthy(server.name, true);
    });
    this.#later(VOTER_SECONDS, () => {
      server.voter = server.running;
    });
  }

  #later(seconds: number, action: () => void): void {
    this.#state.agenda.in(seconds, action);
  }
}
