import { validationError } from "../aws-error.ts";
import type { Group, Member } from "./group.ts";

/** The groups there are, and their instances. */
export class GroupRegistry {
  readonly #groups = new Map<string, Group>();

  /** @throws {AwsError} when there is one of that name. */
  protected add(group: Group): void {
    if (this.#groups.has(group.name)) {
      throw validationError(`AutoScalingGroup by this name already exists - ${group.name}`);
    }
    this.#groups.set(group.name, group);
  }

  groups(): Group[] {
    return [...this.#groups.values()];
  }

  findGroup(name: string): Group | undefined {
    return this.#groups.get(name);
  }

  /** @throws {AwsError} ValidationError when there is none. */
  group(name: string): Group {
    const group = this.findGroup(name);
    if (group) return group;
    throw validationError(`AutoScalingGroup name not found - no such group: ${name}`);
  }

  findMember(instanceId: string): Member | undefined {
    return this.#find(instanceId)?.member;
  }

  members(): Member[] {
    return this.groups().flatMap((group) => [...group.members.values()]);
  }

  /** An instance and its group. @throws {AwsError} ValidationError. */
  protected memberOf(instanceId: string): { group: Group; member: Member } {
    const found = this.#find(instanceId);
    if (found) return found;
    throw validationError(
      `Instance Id not found - No managed instance found for instance ID: ${instanceId}`,
    );
  }

  #find(instanceId: string): { group: Group; member: Member } | undefined {
    for (const group of this.#groups.values()) {
      const member = group.members.get(instanceId);
      if (member) return { group, member };
    }
    return undefined;
  }
}
