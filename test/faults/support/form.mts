/** Whether the long form was asked for: `npm run test:faults -- --long`, or `node test/faults/run.mts`. */
export const LONG = process.env['HOOKLINE_LONG'] === '1' || process.env['HOOKLINE_FAULTS'] === 'long';
