/** Form controls over a value that lives elsewhere: each shows it when told to, and reports what a person wants instead. */
import { make, setOptions } from './dom.js';

/** @typedef {{ element: HTMLElement, render: () => void }} Control */

/**
 * @param {string} id
 * @param {string} label
 * @param {() => boolean} value
 * @param {(on: boolean) => void} onChange
 * @returns {Control}
 */
export function onOff(id, label, value, onChange) {
	const box = make('input', { type: 'checkbox', id, role: 'switch' });
	box.addEventListener('change', () => onChange(box.checked));
	const element = make('p', { class: 'check' }, box, make('label', { for: id }, label));
	return { element, render: () => (box.checked = value()) };
}

/**
 * @param {string} id
 * @param {string} label
 * @param {() => readonly { value: string, text: string }[]} options
 * @param {() => string} value
 * @param {(value: string) => void} onChange
 * @returns {Control}
 */
export function choice(id, label, options, value, onChange) {
	const select = make('select', { id });
	select.addEventListener('change', () => onChange(select.value));
	const render = () => {
		setOptions(select, options());
		if (select.value !== value()) select.value = value();
	};
	return { element: make('p', {}, make('label', { for: id }, label), select), render };
}

/**
 * A whole number from 1, or nothing.
 * @param {string} id
 * @param {string} label
 * @param {() => number | undefined} value
 * @param {(value: number | undefined) => void} onChange
 * @returns {Control}
 */
export function wholeNumber(id, label, value, onChange) {
	const input = make('input', { id, type: 'number', min: '1', step: '1', inputmode: 'numeric' });
	input.addEventListener('change', () => {
		const given = Number(input.value);
		onChange(Number.isInteger(given) && given >= 1 ? given : undefined);
	});
	const show = () => (input.value = String(value() ?? ''));
	input.addEventListener('blur', show);
	const render = () => {
		if (document.activeElement !== input) show(); // not while a person types
	};
	return { element: make('p', {}, make('label', { for: id }, label), input), render };
}
