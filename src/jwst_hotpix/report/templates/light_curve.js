(() => {
  const facts = JSON.parse(document.getElementById("looks-facts").textContent);
  const form = document.getElementById("pixel-form");
  const words = document.getElementById("pixel-words");
  const HOT = 0, SATURATED = 1, COLD = 2, BELOW_FLOOR = 3, BELOW_BOUND = 4, UNKNOWN = 5;
  const STATES = ["hot", "hot (saturated)", "cold", "cold", "cold", "cannot tell"];
  const NAMES = [null, "saturated", null, "below", "below", "unknown"];
  const GROUPS = { dark: "dark", reference: "reference" };
  const looks = {};
  let shown = null;

  const prefix = (counts) => {
    const start = new Int32Array(counts.length + 1);
    for (let i = 0; i < counts.length; i++) start[i + 1] = start[i] + counts[i];
    return start;
  };

  // Where the rows of each pixel, their values and their errors begin.
  const load = async (number) => {
    if (looks[number]) return looks[number];
    const one = await hotpix.unpacked(`looks-${hotpix.facts.modes[number].key}`);
    one.start = prefix(one.count);
    one.chanceStart = prefix(one.changes);
    one.valueAt = prefix(one.seen.map((seen) => seen === HOT || seen === COLD || seen === BELOW_BOUND));
    one.errorAt = prefix(one.seen.map((seen) => seen === HOT || seen === COLD));
    looks[number] = one;
    return one;
  };

  const find = (sorted, value) => {
    let low = 0, high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < value) low = middle + 1; else high = middle;
    }
    return sorted[low] === value ? low : -1;
  };

  const chanceAt = (one, pixel, look) => {
    let percent = null;
    for (let i = one.chanceStart[pixel]; i < one.chanceStart[pixel + 1]; i++) {
      if (one.change[i] <= look) percent = one.percent[i];
    }
    return percent;
  };

  // The looks at one pixel, in order of time.
  const rowsOf = (one, pixel) => {
    const rows = [];
    for (let i = one.start[pixel]; i < one.start[pixel + 1]; i++) {
      const look = one.look[i], seen = one.seen[i];
      const measured = seen === HOT || seen === COLD;
      rows.push({
        epoch: one.epoch[look],
        kind: facts.kinds[one.kind[look]],
        seen,
        rate: measured ? one.value[one.valueAt[i]] : null,
        error: measured ? one.error[one.errorAt[i]] : null,
        bound: seen === BELOW_BOUND ? one.value[one.valueAt[i]]
          : seen === BELOW_FLOOR ? one.floor[look] : seen === COLD ? one.limit[pixel] : null,
        chance: chanceAt(one, pixel, look),
      });
    }
    return rows;
  };

  const minute = (epoch) => new Date((epoch - hotpix.UNIX) * hotpix.DAY).toISOString().slice(0, 16).replace("T", " ");
  const rateOf = (row) => {
    if (row.rate !== null) {
      return `${hotpix.rounded(row.rate)}${row.error > 0 && Number.isFinite(row.error) ? ` ± ${hotpix.rounded(row.error, 2)}` : ""} DN/s`;
    }
    return row.bound === null ? "" : `below ${hotpix.rounded(row.bound)} DN/s`;
  };
  const chanceOf = (row) => row.chance === null ? "" : `${row.chance} %`;
  const describe = {
    date: (row) => `${minute(row.epoch)} UTC`,
    look: (row) => row.kind === "dark" || row.kind === "reference" ? row.kind : `science (${row.kind})`,
    state: (row) => STATES[row.seen],
    rate: rateOf,
    probability: chanceOf,
  };
  hotpix.describeLook = (number, what) => describe[what](shown.rows[number]);

  const table = (place, heads, rows) => {
    const made = document.createElement("table");
    const add = (parent, cells, tag) => {
      const line = parent.insertRow();
      for (const text of cells) {
        const cell = document.createElement(tag);
        cell.textContent = text;
        if (tag === "th") cell.scope = "col";
        line.append(cell);
      }
    };
    add(made.createTHead(), heads, "th");
    const body = made.createTBody();
    for (const row of rows) add(body, row, "td");
    document.getElementById(place).replaceChildren(...(rows.length ? [made] : []));
  };

  const entriesOf = (mode, x, y) => {
    const { columns } = hotpix, found = [];
    for (let row = 0; row < columns.x.length; row++) {
      if (columns.mode[row] === mode && columns.x[row] === x && columns.y[row] === y) found.push(row);
    }
    return found;
  };

  const strips = (entries, first, last) => {
    const { columns } = hotpix, hot = [], between = [];
    const clip = (minutes) => Math.min(Math.max(minutes / 1440, first), last);
    for (const row of entries) {
      const ends = [columns.onset_earliest, columns.onset_latest, columns.recovery_earliest, columns.recovery_latest]
        .map((one) => clip(one[row]));
      between.push([ends[0], ends[1]], [ends[2], ends[3]]);
      hot.push([ends[1], Math.max(ends[2], ends[1])]);
    }
    const data = (pairs) => {
      const some = pairs.filter(([from, to]) => to >= from);
      return { x0: some.map(([from]) => ms(from)), x1: some.map(([, to]) => ms(to)) };
    };
    hotpix.model("light-curve-hot-strips").data = data(hot);
    hotpix.model("light-curve-between-strips").data = data(between.filter(([from, to]) => to > from));
  };
  const ms = (epoch) => (epoch - hotpix.UNIX) * hotpix.DAY;

  const sources = ["hot-dark", "hot-reference", "hot-science", "cold-dark", "cold-reference",
    "cold-science", "saturated", "below", "unknown"];
  const draw = (rows, limit) => {
    const values = rows.map((row) => row.rate ?? row.bound).filter((value) => value > 0);
    const low = Math.min(limit, ...values) / 2.5, high = Math.max(limit, ...values) * 2;
    const data = Object.fromEntries(sources.map((name) => [name, { x: [], y: [], low: [], high: [], row: [] }]));
    rows.forEach((row, number) => {
      const state = row.seen === HOT ? "hot" : "cold";
      const into = data[NAMES[row.seen] ?? `${state}-${GROUPS[row.kind] ?? "science"}`];
      const y = row.seen === SATURATED ? high / 1.2 : row.seen === UNKNOWN ? low * 1.2 : Math.max(row.rate ?? row.bound, low);
      const error = row.error > 0 && Number.isFinite(row.error) ? row.error : 0;
      into.x.push(ms(row.epoch));
      into.y.push(y);
      into.low.push(Math.max(y - error, low));
      into.high.push(y + error);
      into.row.push(number);
    });
    for (const name of sources) hotpix.model(`light-curve-${name}`).data = data[name];
    hotpix.model("light-curve-limit").location = limit;
    const { y_range: range } = hotpix.model("light-curve");
    range.setv({ start: low, end: high, reset_start: low, reset_end: high });
  };

  const span = (epoch, from) => {
    const margin = 0.02 * (epoch[epoch.length - 1] - epoch[from]) || 10;
    return [epoch[from] - margin, epoch[epoch.length - 1] + margin];
  };

  const drawChances = (one, pixel) => {
    const x = [], y = [];
    for (let i = one.chanceStart[pixel]; i < one.chanceStart[pixel + 1]; i++) {
      const next = i + 1 < one.chanceStart[pixel + 1] ? one.change[i + 1] - 1 : one.epoch.length - 1;
      x.push(ms(one.epoch[one.change[i]]), ms(one.epoch[next]));
      y.push(one.percent[i] / 100, one.percent[i] / 100);
    }
    hotpix.model("chances-steps").data = { x, y };
  };

  const say = (mode, x, y, one, pixel, entries) => {
    const place = `${mode.name}, x ${x}, y ${y} (DS9: ${x + 1}, ${y + 1})`;
    const total = facts.looks[mode.key].n;
    const parts = [["hot", one.n_hot[pixel]], ["cold", one.n_cold[pixel]],
      ["cannot tell", total - one.n_hot[pixel] - one.n_cold[pixel]]];
    const counts = parts.filter(([, n]) => n).map(([what, n]) => `${n} ${what}`).join(", ");
    const unlikely = one.changes[pixel] ? "" : " No look saw it above the threshold: its neighbors show that it is hot.";
    words.textContent = `${place}: ${counts} (above ${hotpix.rounded(mode.threshold)} DN/s).${unlikely}`;
    const heads = ["onset", "recovery", "status", "role", "rate", "neighbors", "MASK"];
    table("pixel-intervals", [...heads, "confidence"], entries.map((row) =>
      [...heads.map((what) => hotpix.describe[what](row)), `${hotpix.columns.confidence[row]} %`]));
  };

  const show = async ({ mode: number, x, y }) => {
    const mode = hotpix.facts.modes[number];
    form.elements.x.value = x;
    form.elements.y.value = y;
    form.elements.mode.value = number;
    document.getElementById("pixel-command").textContent =
      `hotpix pixel ${facts.ledger} ${x} ${y} --detector ${mode.detector} --readout ${mode.readout.toLowerCase()}`;
    const one = await load(number);
    const [rowCount, columnCount] = mode.shape;
    const pixel = y < rowCount && x < columnCount ? find(one.pixel, y * columnCount + x) : -1;
    const entries = entriesOf(number, x, y);
    const [first, last] = span(one.epoch, facts.looks[mode.key].from);
    const rows = pixel < 0 ? [] : rowsOf(one, pixel);
    shown = { number, x, y, rows };
    draw(rows, mode.threshold);
    strips(entries, first, last);
    const { x_range: range } = hotpix.model("light-curve");
    range.setv({ start: ms(first), end: ms(last), reset_start: ms(first), reset_end: ms(last) });
    table("pixel-looks", ["date (UTC)", "look", "state", "rate", "P(hot)"], rows.map((row) =>
      [minute(row.epoch), describe.look(row), STATES[row.seen], rateOf(row), chanceOf(row)]));
    if (pixel < 0) {
      hotpix.model("chances-steps").data = { x: [], y: [] };
      table("pixel-intervals", [], []);
      words.textContent = `${mode.name}, x ${x}, y ${y}: not in the list. The command below shows what looks saw of it.`;
    } else {
      drawChances(one, pixel);
      say(mode, x, y, one, pixel, entries);
    }
    document.getElementById("pixel-words").dataset.pixel = `${mode.key} ${x} ${y}`;
  };

  // Pixels on the map, in the order of the list: row by row.
  const step = (by) => {
    const { columns, shown: rows } = hotpix;
    if (!rows?.length) return;
    const key = (row) => (columns.mode[row] * 65536 + columns.y[row]) * 65536 + columns.x[row];
    const keys = [...new Set(rows.map(key))].sort((a, b) => a - b);
    const here = shown ? (shown.number * 65536 + shown.y) * 65536 + shown.x : -Infinity;
    const next = by > 0 ? keys.find((one) => one > here) ?? keys[0]
      : keys.findLast((one) => one < here) ?? keys[keys.length - 1];
    hotpix.choose(Math.floor(next / 2 ** 32), next % 65536, Math.floor(next / 65536) % 65536);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { x, y, mode } = form.elements;
    hotpix.choose(Number(mode.value), Number(x.value), Number(y.value));
  });
  form.elements.previous.addEventListener("click", () => step(-1));
  form.elements.next.addEventListener("click", () => step(1));
  addEventListener("hotpix-chosen", ({ detail }) => show(detail));
})();
