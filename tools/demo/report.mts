/** What the demo says. */
import { providers } from '../../providers/index.ts';
import type { Owner } from '../../harness/client.mts';
import type { Outcome } from './play.mts';

/** Characters that are shown of what arrived. */
const WIDTH = 100;

const started = performance.now();

/** A line of progress, with the time since the start. */
export function say(line: string): void {
	const seconds = ((performance.now() - started) / 1000).toFixed(1);
	console.log(`[${seconds.padStart(5)} s] ${line}`);
}

/** Runs something that takes a while, and says every five seconds how far it is. */
export async function saying<T>(what: string, still: () => string, work: Promise<T>): Promise<T> {
	say(what);
	const timer = setInterval(() => say(`  ${still()}`), 5000);
	try {
		return await work;
	} finally {
		clearInterval(timer);
	}
}

/** The name of a service by its id. */
export function nameOf(providerId: string): string {
	return providers.find(({ id }) => id === providerId)?.name ?? providerId;
}

/** Where an execution can be looked at. */
export function executionUrl(n8nUrl: string, workflowId: string, executionId: string): string {
	return `${n8nUrl}/workflow/${workflowId}/executions/${executionId}`;
}

/** The result of each event, for people to read. */
export function table(outcomes: readonly Outcome[], n8nUrl: string): string {
	return outcomes.map((outcome) => row(outcome, n8nUrl)).join('\n');
}

function row(outcome: Outcome, n8nUrl: string): string {
	const { scene, problem, item, executionId, workflowId, followUps } = outcome;
	const lines: Array<[string, string]> = [];
	if (item) {
		lines.push(['verified by', proofOf(outcome)], ['arrived', short(JSON.stringify(item))]);
	}
	for (const followUp of followUps) lines.push(['then', followUp]);
	if (problem !== undefined) lines.push(['MISSING', problem]);
	if (executionId !== undefined) lines.push(['execution', executionUrl(n8nUrl, workflowId, executionId)]);
	const title = `  ${nameOf(scene.provider).padEnd(15)}${scene.event}`;
	return [title, ...lines.map(([label, value]) => `    ${label.padEnd(13)}${value}`), ''].join('\n');
}

/** What the item itself says about its proof, with the kind of proof that this service has. */
function proofOf({ scene, verifiedBy }: Outcome): string {
	if (verifiedBy === undefined) return 'nothing';
	const proofs = providers.find(({ id }) => id === scene.provider)?.receiving.proofs ?? [];
	const isHmac = proofs.some(({ scheme }) => scheme.kind === 'hmac' && verifiedBy.startsWith(scheme.header));
	return isHmac ? `HMAC-SHA256 of the body (${verifiedBy})` : `the secret ${verifiedBy}`;
}

function short(text: string): string {
	return text.length <= WIDTH ? text : `${text.slice(0, WIDTH - 3)}...`;
}

/** How to go on from here. */
export function whatNow(n8nUrl: string, sandboxUrl: string, logFile: string, { email, password }: Owner): string {
	return `
  Editor     ${n8nUrl}  log in as ${email} with ${password}
  Services   ${sandboxUrl}  (the sandbox: five services on this machine; nothing leaves it)
  n8n's log  ${logFile}

  Raise another event, and watch it arrive here and under Executions in the editor:

    curl ${sandboxUrl}/control/events -H 'content-type: application/json' \\
      -d '{"provider": "solar-proof", "event": "customer_created", "data": {"first_name": "Max", "customer_email": "max@example.com"}}'

  Have one sent with a wrong signature, and see that nothing starts (why is in the delivery log, and in n8n's). A minute later
  the service tries again, signed properly, and that starts it:

    curl ${sandboxUrl}/control/faults -H 'content-type: application/json' \\
      -d '{"provider": "solatis", "deliveries": {"wrongSignature": true, "count": 1}}'
    curl ${sandboxUrl}/control/events -H 'content-type: application/json' \\
      -d '{"provider": "solatis", "event": "transcription.completed"}'
    curl '${sandboxUrl}/control/deliveries?provider=solatis&limit=1'

  Ctrl-C stops everything.
`;
}
