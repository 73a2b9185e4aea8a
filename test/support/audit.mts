/** Whether people can read a page and use it without a mouse, as far as a program can tell. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';

/** What was found. The lists are empty where all is well. */
export interface Audit {
	/** How many texts were looked at. */
	texts: number;
	/** Texts below WCAG's contrast of 4.5 (3 for large ones), and borders of controls below 3. */
	faint: string[];
	/** Controls less than 24 pixels high. */
	small: string[];
	/** Everything that is to be reached by the Tab key, in the order of the document. */
	reachable: string[];
	/** Pixels by which the page is wider than its window. */
	overflow: number;
	/** Controls without an accessible name, by Chromium's own accessibility tree. */
	nameless: string[];
	/** Names that several buttons share. */
	shared: string[];
}

const CONTROLS = new Set([
	'button',
	'link',
	'textbox',
	'combobox',
	'checkbox',
	'switch',
	'spinbutton',
	'DisclosureTriangle',
]);

/** Looks at a page as it is now. */
export async function auditPage(page: Page): Promise<Audit> {
	const script = await readFile(new URL('audit.js', import.meta.url), 'utf8');
	const seen = await page.evaluate<Omit<Audit, 'nameless' | 'shared'>>(script);
	const session = await page.context().newCDPSession(page);
	const { nodes } = await session.send('Accessibility.getFullAXTree');
	await session.detach();
	const controls = nodes
		.filter((node) => !node.ignored && CONTROLS.has(String(node.role?.value)))
		.map((node) => ({ role: String(node.role?.value), name: String(node.name?.value ?? '').trim() }));
	const buttons = controls.filter(({ role }) => role === 'button').map(({ name }) => name);
	return {
		...seen,
		nameless: controls.filter(({ name }) => name === '').map(({ role }) => role),
		shared: buttons.filter((name, index) => buttons.indexOf(name) !== index),
	};
}

/**
 * Walks through a page with the Tab key, from its beginning. To be called after `auditPage`. Returns the places (in
 * `Audit.reachable`) in the order in which they were reached, and those that did not show that they have the focus.
 */
export async function walkByTab(page: Page, places: number): Promise<{ order: number[]; unmarked: string[] }> {
	const order: number[] = [];
	const unmarked: string[] = [];
	// Blurring alone is not enough: Tab goes on from where the focus was.
	await page.evaluate(`document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')`);
	for (let step = 0; step < places; step++) {
		await page.keyboard.press('Tab');
		const at = await page.evaluate<{ place: string | null; marked: boolean; name: string }>(`(() => {
			const element = document.activeElement;
			const { outlineStyle, outlineWidth } = getComputedStyle(element);
			return {
				place: element.getAttribute('data-audit'),
				marked: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
				name: element.outerHTML.slice(0, 80),
			};
		})()`);
		if (at.place === null || order.includes(Number(at.place))) break;
		order.push(Number(at.place));
		if (!at.marked) unmarked.push(at.name);
	}
	return { order, unmarked };
}
