// index: the types of what `import 'taskless'` gives.
// SPDX-License-Identifier: Apache-2.0
import * as taskless from './index.js';

export * from './index.js';
export default taskless;
