// written: lets a program that makes very many calls wait for their records. taskless holds 4,096
// calls and only counts what is over, which on a busy machine is soon come to.
// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 60_000;

/** Counts the records that are written, by what has been added to their file. */
export class Written {
  constructor(path) {
    this.path = path;
    this.part = Buffer.alloc(1 << 20);
    this.at = this.lines = 0;
  }

  /** Waits until no more than `most` of `made` calls have no record yet. */
  async catchUp(made, most) {
    const started = performance.now();
    while (made - this.count() > most) {
      const late = performance.now() - started > PATIENCE_MS;
      if (late) throw new Error(`${this.lines} records of ${made} calls`);
      await pause(5);
    }
  }

  count() {
    if (this.file === undefined) {
      if (!fs.existsSync(this.path)) return 0;
      this.file = fs.openSync(this.path);
    }
    for (let size; (size = fs.readSync(this.file, this.part, 0, this.part.length, this.at)) > 0; ) {
      this.at += size;
      const end = this.part.subarray(0, size);
      for (let i = end.indexOf(10); i >= 0; i = end.indexOf(10, i + 1)) this.lines += 1;
    }
    return this.lines;
  }
}
