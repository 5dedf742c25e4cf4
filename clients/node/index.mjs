// index: the same for `import`.
// SPDX-License-Identifier: Apache-2.0
import taskless from './index.js';

export const { add, load, shutdown } = taskless;
export default taskless;
