/**
 * Run in a page (`auditPage` in `audit.mts`): what a person cannot read, or reach by keyboard. An expression, so that it can
 * be handed over as text, past the page's Content-Security-Policy.
 */
(() => {
	/** @typedef {[red: number, green: number, blue: number, alpha: number]} Colour */

	const WHITE = /** @type {Colour} */ ([255, 255, 255, 1]);
	const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });

	/** @param {string} css @returns {Colour} */
	const colourOf = (css) => {
		if (!canvas) throw new Error('no canvas');
		canvas.clearRect(0, 0, 1, 1);
		canvas.fillStyle = css;
		canvas.fillRect(0, 0, 1, 1);
		const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data;
		return [red, green, blue, alpha / 255];
	};
	/** @param {Colour} over @param {Colour} under @returns {Colour} */
	const blend = (over, under) => {
		const mix = (/** @type {0 | 1 | 2} */ at) => over[at] * over[3] + under[at] * (1 - over[3]);
		return [mix(0), mix(1), mix(2), 1];
	};
	/** @param {Element | null} element @returns {Colour} */
	const ground = (element) => {
		if (!element) return WHITE;
		const colour = colourOf(getComputedStyle(element).backgroundColor);
		return colour[3] === 1 ? colour : blend(colour, ground(element.parentElement));
	};
	/** WCAG 2's relative luminance. @param {Colour} colour */
	const luminance = ([red, green, blue]) => {
		const linear = (/** @type {number} */ part) =>
			part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4;
		return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
	};
	/** @param {Colour} one @param {Colour} other */
	const contrast = (one, other) => {
		const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
		return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
	};
	/** @param {Element} element */
	const isSeen = (element) =>
		element.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true }) && element.getClientRects().length > 0;
	/** @param {Element} element */
	const nameOf = (element) =>
		`${element.tagName.toLowerCase()}${element.id && `#${element.id}`} "${(element.textContent ?? '').trim().slice(0, 40)}"`;

	let texts = 0;
	/** @type {string[]} */
	const faint = [];
	/** @param {Element} element @param {string} css @param {number} least @param {string} what */
	const check = (element, css, least, what) => {
		const under = ground(what === 'border' ? element.parentElement : element);
		const ratio = contrast(blend(colourOf(css), under), under);
		if (ratio < least) faint.push(`${what} of ${nameOf(element)}: ${ratio.toFixed(2)}`);
	};
	for (const element of document.body.querySelectorAll('*')) {
		if (!isSeen(element)) continue;
		const style = getComputedStyle(element);
		const own = [...element.childNodes].some((node) => node.nodeType === 3 && (node.textContent ?? '').trim() !== '');
		const isField = element.matches('input:not([type=checkbox]), select, textarea');
		const size = parseFloat(style.fontSize);
		const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
		if (own || isField) {
			texts += 1;
			check(element, style.color, least, 'text');
		}
		if (element.matches('[placeholder]'))
			check(element, getComputedStyle(element, '::placeholder').color, least, 'text');
		if (isField || element.matches('button')) check(element, style.borderTopColor, 3, 'border');
	}

	const reachable = [
		...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]'),
	].filter((element) => isSeen(element) && !element.matches(':disabled'));
	reachable.forEach((element, index) => element.setAttribute('data-audit', String(index)));
	const small = reachable
		.filter((element) => !element.matches('input[type=checkbox], .skip'))
		.filter((element) => element.getBoundingClientRect().height < 24)
		.map(nameOf);
	return {
		texts,
		faint,
		small,
		reachable: reachable.map(nameOf),
		overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
	};
})();
