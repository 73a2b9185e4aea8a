/** axe-core's rules for accessible pages: WCAG 2.2 at levels A and AA, and what axe-core calls best practice. */
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** What breaks a rule on a page as it is now: the rule, and where. Contrast that axe-core cannot judge counts as broken too. */
export async function brokenRules(page: Page): Promise<string[]> {
	// Evaluated by the browser's own tools, past the page's Content-Security-Policy.
	await page.evaluate(`typeof window.axe === 'undefined' && (() => { ${axe.source} })()`);
	const { violations, incomplete } = await page.evaluate<AxeResults>(`axe.run(document, {
		runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
		resultTypes: ['violations', 'incomplete'],
	})`);
	return [...violations, ...incomplete].flatMap(({ id, nodes }) =>
		nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`),
	);
}
