/** Building and changing what is on the page. Text from elsewhere goes in as text nodes, never as markup. */

/**
 * The element with an id, which must be there and be of a type.
 * @template {typeof HTMLElement} T
 * @param {string} id
 * @param {T} type
 * @returns {InstanceType<T>}
 */
export function byId(id, type) {
	const found = document.getElementById(id);
	if (!(found instanceof type)) throw new Error(`there is no ${type.name} "${id}"`);
	return /** @type {InstanceType<T>} */ (found);
}

/**
 * A new element. Attributes: `true` sets an empty one, `false` and `undefined` none; `onclick` and the like are listeners.
 * Children that are strings become text.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {{ [name: string]: string | boolean | undefined | ((event: Event) => void) }} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, attributes = {}, ...children) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (typeof value === 'function') element.addEventListener(name.slice(2), value);
		else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value);
	}
	element.append(...children);
	return element;
}

/**
 * Sets a text if it is another one: so that selections stay, and screen readers are not told twice.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
	if (element.textContent !== text) element.textContent = text;
}

/**
 * Shows a note, or hides it when there is nothing to say.
 * @param {HTMLElement} element
 * @param {string} text
 */
export function setNote(element, text) {
	setText(element, text);
	element.hidden = text === '';
}

/**
 * Brings the children of a list into line with the items: new ones are made, others updated in place, those gone removed.
 * None is moved (items keep their order), so focus and what is open stay.
 * @template {{ id: string }} Item
 * @template {{ element: HTMLElement, update: (item: Item) => void }} Row
 * @param {HTMLElement} list
 * @param {Map<string, Row>} rows what is shown, by id
 * @param {readonly Item[]} items
 * @param {(item: Item) => Row} makeRow
 */
export function keyed(list, rows, items, makeRow) {
	const wanted = new Set(items.map((item) => item.id));
	for (const [id, row] of rows) {
		if (wanted.has(id)) continue;
		row.element.remove();
		rows.delete(id);
	}
	let at = list.firstElementChild;
	for (const item of items) {
		const row = rows.get(item.id) ?? makeRow(item);
		rows.set(item.id, row);
		if (row.element === at) at = at.nextElementSibling;
		else list.insertBefore(row.element, at);
		row.update(item);
	}
}

/** The options that a list has. @type {WeakMap<HTMLSelectElement, string>} */
const shapes = new WeakMap();

/**
 * Replaces the options of a drop-down list if they are others. What was chosen stays chosen where it can.
 * @param {HTMLSelectElement} select
 * @param {readonly { value: string, text: string, group?: string }[]} options
 */
export function setOptions(select, options) {
	const shape = JSON.stringify(options);
	if (shapes.get(select) === shape) return;
	shapes.set(select, shape);
	const { value } = select;
	/** @type {Map<string, HTMLOptGroupElement>} */
	const groups = new Map();
	select.replaceChildren();
	for (const { value, text, group } of options) {
		const option = make('option', { value }, text);
		if (group === undefined) select.append(option);
		else {
			const under = groups.get(group) ?? make('optgroup', { label: group });
			groups.set(group, under);
			under.append(option);
			select.append(under);
		}
	}
	if (options.some((option) => option.value === value)) select.value = value;
}

const MASK = '\u2022'.repeat(8);

/**
 * A text with a secret in it: hidden until a person asks for it.
 * @param {string} what is shown, for the button's name, e.g. `secret of Demo`
 * @param {(plain: string) => string} [mask] the text with the secret hidden; the text itself where it has none
 */
export function secretText(what, mask = () => MASK) {
	let plain = '';
	let shown = false;
	const code = make('code');
	const button = make('button', { type: 'button', class: 'small', onclick: () => toggle() }, 'Show');
	button.setAttribute('aria-label', `Show the ${what}`);
	const render = () => {
		const hidden = mask(plain);
		button.hidden = hidden === plain;
		button.setAttribute('aria-pressed', String(shown));
		setText(code, shown ? plain : hidden);
	};
	const toggle = () => {
		shown = !shown;
		render();
	};
	return {
		element: make('span', { class: 'secret' }, code, ' ', button),
		/** @param {string} text */
		set: (text) => {
			plain = text;
			render();
		},
	};
}

/**
 * A URL whose token, in this query parameter, is hidden.
 * @param {string | undefined} parameter undefined: the service has none
 * @returns {(url: string) => string}
 */
export function maskToken(parameter) {
	return (url) =>
		url.replace(/([?&])([^=&#]*)=([^&#]+)/g, (whole, before, name) =>
			name === parameter ? `${before}${name}=${MASK}` : whole,
		);
}

/**
 * Asks before something that cannot be undone.
 * @param {{ title: string, text: string, yes: string }} question
 * @returns {Promise<boolean>}
 */
export async function confirmed({ title, text, yes }) {
	const dialog = byId('confirm', HTMLDialogElement);
	setText(byId('confirm-title', HTMLElement), title);
	setText(byId('confirm-text', HTMLElement), text);
	setText(byId('confirm-yes', HTMLElement), yes);
	dialog.returnValue = '';
	dialog.showModal();
	await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }));
	return dialog.returnValue === 'yes';
}

/**
 * Does something on behalf of a person; what goes wrong is told at the top of the page.
 * @param {() => Promise<unknown>} action
 */
export async function act(action) {
	try {
		await action();
		notice('');
	} catch (error) {
		notice(error instanceof Error ? error.message : String(error));
	}
}

/** @param {string} text */
export function notice(text) {
	setText(byId('notice', HTMLElement), text);
}
