/** Ends a test, a run or a reset that used a service in a way that its contract does not declare. */
import type { Sandbox } from '../server.mts';

/** Takes what the sandbox recorded. @throws Error that lists it, where a contract is enforced */
export function refuseViolations(sandbox: Pick<Sandbox, 'takeViolations'>): void {
	const found = sandbox.takeViolations().filter(({ enforced }) => enforced);
	if (found.length === 0) return;
	const lines = found.map(
		({ service, call, kind, name, request }) => `  ${service} ${call ?? request}: ${kind} ${name}`,
	);
	throw new Error(`not declared in contracts/:\n${[...new Set(lines)].join('\n')}`);
}
