/** The definitions of the Zapier apps, from source: what Zapier's rules and guidelines ask of them, as at the build. */
import solarProof from '../../../zapier/solar-proof/src/index.mts';
import solatis from '../../../zapier/solatis/src/index.mts';
import solidNumber from '../../../zapier/solid-number/src/index.mts';
import solve360 from '../../../zapier/solve360/src/index.mts';
import soshiaConnect from '../../../zapier/soshia-connect/src/index.mts';
import { check, STATIC_HOOK_RULES } from '../../../zapier/checks.mts';

const APPS = Object.entries({ solarProof, solatis, solidNumber, soshiaConnect, solve360 });

/** Services that document how many calls may be made: https://docs.solatis.team/api/rate-limiting.html, for one. */
const LIMITED = ['solatis', 'solidNumber', 'soshiaConnect'];

/** As Zapier gets it: a function becomes a word that stands for it. */
function sent(definition: object): { readonly [name: string]: unknown } {
	return JSON.parse(
		JSON.stringify(definition, (_name, value: unknown) => (typeof value === 'function' ? '$func$2$f$' : value)),
	) as { readonly [name: string]: unknown };
}

test.each(APPS)('%s breaks none of the rules', (_name, app) => {
	expect(check(sent(app)).filter(({ rule }) => !STATIC_HOOK_RULES.includes(rule))).toEqual([]);
});

test.each(APPS)('%s limits its calls where its service documents a limit', (name, app) => {
	const actions = Object.values({ ...app.creates, ...app.searches }).map((action) => sent(action));
	const limited = actions.filter(({ operation }) => (operation as { throttle?: object }).throttle !== undefined);
	expect(limited.length).toBe(LIMITED.includes(name) ? actions.length : 0);
});
