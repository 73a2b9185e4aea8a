/** Follow-up calls to SoshiaConnect. https://docs.soshianest.ai/api, /guides/concepts/routes-and-subscriptions */
import { isObject, text } from '../../core/json.ts';
import type { Field, Operation, Resource } from '../../core/provider.ts';
import { checked } from '../checked.ts';
import { dataItems } from './answers.ts';

export const resources: readonly Resource[] = [
	{ name: 'access', label: 'Access' },
	{ name: 'profile', label: 'Profile' },
	{ name: 'route', label: 'Route' },
];

const routeId: Field = {
	name: 'routeId',
	label: 'Route ID',
	type: 'string',
	required: true,
	placeholder: 'e.g. 123',
	description: 'ID of the route, as Get Many shows it.',
};

const getProfile: Operation = {
	resource: 'profile',
	name: 'get',
	label: 'Get',
	action: 'Get profile',
	description: 'Get the profile of the user who logged in.',
	fields: [],
	request: () => ({ method: 'GET', path: '/auth/profile' }),
	items: dataItems,
	sample: {
		userId: 'usr_1234567890',
		email: 'jane@example.com',
		firstName: 'Jane',
		lastName: 'Example',
		userType: 'viewer',
		status: 'active',
		createdAt: '2026-01-05T09:00:00Z',
	},
	grade: 'documented',
	note: 'Needs a credential with Authentication set to Login.',
	effect: 'read',
};

const getRoutes: Operation = {
	resource: 'route',
	name: 'getMany',
	label: 'Get Many',
	action: 'Get many routes',
	description: 'Get all routes.',
	fields: [],
	request: () => ({ method: 'GET', path: '/route-access/all-routes' }),
	items: dataItems,
	sample: { id: 123, name: 'Singapore - Rotterdam' },
	grade: 'documented',
	note: 'Not confirmed by SoshiaConnect. Check a real result before you rely on it.',
	effect: 'read',
};

const getRouteData: Operation = {
	resource: 'route',
	name: 'getData',
	label: 'Get Data',
	action: 'Get route data',
	description: 'Get the data of a route that the account can see.',
	fields: [
		routeId,
		{
			name: 'endpoint',
			label: 'Endpoint',
			type: 'choice',
			default: 'api-routes-data',
			options: [
				{ value: 'api-routes-data', label: 'API Routes Data', description: 'With an API key' },
				{
					value: 'route-access/routes-data',
					label: 'Route Access',
					description: 'Try it with a login',
				},
			],
			description: 'Which of the two calls is made.',
		},
	],
	request: ({ routeId: id, endpoint }) => ({
		method: 'GET',
		path: endpoint === 'route-access/routes-data' ? '/route-access/routes-data' : '/api-routes-data',
		query: { id: text(id) },
	}),
	items: dataItems,
	sample: { id: 123, name: 'Singapore - Rotterdam' },
	grade: 'documented',
	note: 'Not confirmed by SoshiaConnect. Check a real result before you rely on it.',
	effect: 'read',
};

const checkAccess: Operation = {
	resource: 'access',
	name: 'check',
	label: 'Check',
	action: 'Check access to route',
	description: 'Check whether the account can see a route.',
	fields: [
		routeId,
		{
			name: 'otherFields',
			label: 'Other Fields',
			type: 'pairs',
			description: 'More fields for the body, by the names that SoshiaConnect gives them.',
		},
	],
	request: ({ routeId: id, otherFields }) => ({
		method: 'POST',
		path: '/route-access/check-access',
		json: { ...(isObject(otherFields) ? otherFields : {}), route_id: id ?? null },
	}),
	items: dataItems,
	sample: { route_id: 123, has_access: true },
	grade: 'inferred',
	note: 'Not confirmed by SoshiaConnect: the route is sent as "route_id".',
	effect: 'read',
};

export const operations: readonly Operation[] = [checkAccess, getProfile, getRouteData, getRoutes].map(checked);
