"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const made = (name, text, attributes) => {
    const element = document.createElement(name);
    if (text !== undefined && text !== null) element.textContent = text;
    for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
    return element;
  };
  const nodes = new Map(data.nodes.map((n, i) => [n.uid, { ...n, id: "n" + i }]));
  const byId = new Map([...nodes.values()].map((n) => [n.id, n]));
  const links = data.links.map((r, i) => ({ ...r, id: "e" + i, source: nodes.get(r.start).id, target: nodes.get(r.end).id }));
  const around = new Map([...nodes.values()].map((n) => [n.id, []]));
  for (const r of links) {
    around.get(r.source).push(r);
    if (r.target !== r.source) around.get(r.target).push(r);
  }
  const root = nodes.has(data.root) ? nodes.get(data.root).id : null;
  const other = (r, id) => (r.source === id ? r.target : r.source);

  // What a browser says of its colours; printing is always light.
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  let printing = false;
  const colours = () => dark.matches && !printing
    ? { ink: "#f0eeec", ground: "#16181d", line: "#8b919c", accent: "#ffd166" }
    : { ink: "#1c1917", ground: "#ffffff", line: "#78716c", accent: "#ea580c" };
  const short = (text, length) => ([...text].length > length ? [...text].slice(0, length - 1).join("") + "…" : text);
  const style = () => {
    const c = colours();
    return [
      { selector: "node", style: {
        "label": "data(short)", "color": c.ink, "font-size": 11, "text-valign": "bottom", "text-margin-y": 3,
        "text-wrap": "wrap", "text-max-width": 110, "background-color": "data(colour)", "shape": "data(shape)",
        "width": 28, "height": 28, "border-width": 1, "border-color": c.ground, "min-zoomed-font-size": 6,
        "text-background-color": c.ground, "text-background-opacity": .75, "text-background-padding": 1 } },
      { selector: "node.root", style: { "width": 42, "height": 42, "font-size": 13, "font-weight": "bold" } },
      { selector: "node.folded", style: { "border-width": 4, "border-style": "double", "border-color": c.line } },
      { selector: "edge", style: {
        "width": 1.3, "line-color": c.line, "target-arrow-color": c.line, "target-arrow-shape": "triangle",
        "arrow-scale": .8, "curve-style": "bezier", "font-size": 9, "color": c.ink, "text-rotation": "autorotate",
        "text-background-color": c.ground, "text-background-opacity": .85, "text-background-padding": 1,
        "min-zoomed-font-size": 7, "opacity": far ? .3 : 1 } },
      { selector: "edge.near", style: { "label": "data(text)", "width": 2.2, "opacity": 1 } },
      { selector: ".hidden", style: { "display": "none" } },
      { selector: ".dim", style: { "opacity": .15 } },
      { selector: "node.hit", style: { "border-width": 4, "border-color": c.accent } },
      { selector: "node.chosen", style: { "border-width": 5, "border-color": c.accent } },
    ];
  };
  const roleOf = (r) => (r.properties.role ? r.type + " (" + r.properties.role + ")" : r.type);
  const circle = (i, n) => ({ x: 400 + 300 * Math.cos((2 * Math.PI * i) / n), y: 300 + 300 * Math.sin((2 * Math.PI * i) / n) });
  const elements = [...nodes.values()].map((n, i) => ({
    group: "nodes",
    data: { id: n.id, short: short(n.name, 34), colour: data.looks[n.label][0], shape: data.looks[n.label][1] },
    classes: n.id === root ? "root" : "",
    position: n.id === root ? { x: 400, y: 300 } : circle(i, nodes.size),
  })).concat(links.map((r) => ({ group: "edges", data: { id: r.id, source: r.source, target: r.target, text: roleOf(r) } })));
  // Many nodes lie like the seeds of a sunflower, the nearest in the middle: each has its place, none hides another.
  const far = nodes.size > 300;
  const turn = Math.PI * (3 - Math.sqrt(5));
  const layout = far
    ? { name: "preset", positions: (node) => {
        const i = Number(node.id().slice(1));
        return { x: 60 * Math.sqrt(i) * Math.cos(i * turn), y: 60 * Math.sqrt(i) * Math.sin(i * turn) };
      } }
    : { name: "cose", animate: false, randomize: false, nodeRepulsion: () => 14000, idealEdgeLength: () => 62,
        nodeOverlap: 24, gravity: .9, componentSpacing: 80, numIter: nodes.size > 120 ? 500 : 1200, padding: 16 };
  const cy = cytoscape({ container: at("canvas"), elements, style: style(), layout, minZoom: .05, maxZoom: 4,
    boxSelectionEnabled: false, autounselectify: true });
  window.picture = cy;

  // What is shown: kinds of the legend, relationships of the instant, and nothing behind a folded node.
  const off = new Set();
  const folded = new Set();
  let instant = null;
  const within = (x) => instant === null || ((!x.from || Date.parse(x.from) <= instant) && (!x.to || Date.parse(x.to) > instant));
  const valid = (r) => within(r) && within(byId.get(r.source)) && within(byId.get(r.target));
  const had = new Set(links.flatMap((r) => [r.source, r.target]));
  // What hangs together with the root by these relationships, and not through a node where it stops.
  function reached(some, stops) {
    const near = new Map();
    for (const r of some) {
      for (const id of [r.source, r.target]) near.set(id, (near.get(id) || []).concat(other(r, id)));
    }
    const seen = new Set(root ? [root] : []);
    for (const id of seen) if (!stops.has(id)) for (const next of near.get(id) || []) seen.add(next);
    return seen;
  }
  const whole = reached(links, new Set());
  function refresh() {
    const live = links.filter(valid);
    const linked = new Set(live.flatMap((r) => [r.source, r.target]));
    const now = reached(live, new Set());
    const open = folded.size ? reached(live, folded) : now;
    // Of an instant: what was not there, what hung on nothing, and what did not hang together with the root as it does.
    const gone = (n) => !within(n) || (had.has(n.id) && !linked.has(n.id)) || (whole.has(n.id) && !now.has(n.id));
    const behind = (n) => now.has(n.id) && !open.has(n.id);
    cy.batch(() => {
      for (const n of nodes.values()) {
        cy.getElementById(n.id).toggleClass("hidden", off.has(n.label) || (n.id !== root && (gone(n) || behind(n))))
          .toggleClass("folded", folded.has(n.id));
      }
      for (const r of links) cy.getElementById(r.id).toggleClass("hidden", !valid(r));
    });
    if (chosen && cy.getElementById(chosen).hasClass("hidden")) choose(null);
    listed();
  }

  // Details of one node; the rest steps back.
  let chosen = null;
  function choose(id, move) {
    chosen = id;
    cy.batch(() => {
      cy.elements().removeClass("dim near chosen");
      if (id) {
        const node = cy.getElementById(id);
        const kept = node.closedNeighborhood();
        cy.elements().difference(kept).addClass("dim");
        kept.edges().addClass("near");
        node.addClass("chosen");
      }
    });
    if (id && move) cy.animate({ center: { eles: cy.getElementById(id) }, duration: 150 });
    details();
  }
  const written = (value) => Array.isArray(value) ? value.map(written).join(", ")
    : value !== null && typeof value === "object" ? JSON.stringify(value)
    : String(value).replace(/T00:00:00Z$/, "");
  const shownNode = (id) => !cy.getElementById(id).hasClass("hidden");
  function details() {
    const panel = at("details");
    panel.replaceChildren();
    if (!chosen) {
      panel.append(made("p", "Choose a node to see its properties and neighbours."));
      panel.append(made("p", nodes.size + " nodes, " + links.length + " relationships. Question: " + data.question + ".", { class: "uid" }));
      return;
    }
    const n = byId.get(chosen);
    panel.append(made("h2", n.name), made("p", n.labels.join(" · ") + " — " + n.uid, { class: "uid" }));
    const fold = made("button", folded.has(n.id) ? "Unfold neighbours" : "Fold neighbours", { type: "button", id: "fold" });
    fold.addEventListener("click", () => toggle(n.id));
    if (around.get(n.id).length) panel.append(fold);
    const list = made("dl");
    for (const [name, value] of Object.entries(n.properties)) list.append(made("dt", name), made("dd", written(value), { dir: "auto" }));
    panel.append(list);
    if (n.qoe.length) {
      panel.append(made("h3", "Experience"));
      for (const line of n.qoe) panel.append(made("p", line, { class: "qoe" }));
    }
    const near = around.get(n.id).filter(valid);
    if (near.length) {
      panel.append(made("h3", "Relationships"));
      const rows = made("ul");
      for (const r of near) {
        const to = byId.get(other(r, n.id));
        const button = made("button", null, { type: "button" });
        const since = (r.from ? ", since " + written(r.from).slice(0, 10) : "") + (r.to ? ", until " + written(r.to).slice(0, 10) : "");
        button.append(made("span", (r.source === n.id ? "→ " : "← ") + to.name), made("span", roleOf(r) + since + " · " + to.label, { class: "via" }));
        button.addEventListener("click", () => { if (shownNode(to.id)) { choose(to.id, true); panel.scrollTop = 0; } });
        const item = made("li");
        item.append(button);
        rows.append(item);
      }
      panel.append(rows);
    }
  }
  function toggle(id) {
    if (folded.has(id)) folded.delete(id); else folded.add(id);
    refresh();
    details();
  }
  cy.on("tap", "node", (event) => choose(event.target.id()));
  cy.on("tap", (event) => { if (event.target === cy) choose(null); });
  cy.on("dbltap", "node", (event) => toggle(event.target.id()));

  // The legend filters.
  const corners = { rectangle: 4, diamond: 4, triangle: 3, pentagon: 5, hexagon: 6, heptagon: 7, octagon: 8, star: 5 };
  const drawn = (shape, colour, x, y, size) => {
    const svg = (name, attributes) => {
      const e = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
      return e;
    };
    if (shape === "ellipse") return svg("circle", { cx: x, cy: y, r: size, fill: colour });
    const base = Object.keys(corners).find((k) => shape.endsWith(k)) || "rectangle";
    if (base === "rectangle") return svg("rect", { x: x - size, y: y - size * .8, width: size * 2, height: size * 1.6, fill: colour, rx: shape.startsWith("round") ? size * .4 : 0 });
    const n = corners[base] * (base === "star" ? 2 : 1);
    const points = [];
    for (let i = 0; i < n; i++) {
      const r = base === "star" && i % 2 ? size * .45 : size;
      const a = -Math.PI / 2 + (2 * Math.PI * i) / n + (base === "hexagon" || base === "octagon" ? Math.PI / n : 0);
      points.push((x + r * Math.cos(a)).toFixed(1) + "," + (y + r * Math.sin(a)).toFixed(1));
    }
    return svg("polygon", { points: points.join(" "), fill: colour });
  };
  for (const [name, [colour, shape]] of Object.entries(data.looks)) {
    const button = made("button", null, { type: "button", "aria-pressed": "true", "data-label": name });
    const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    for (const [k, v] of Object.entries({ width: 18, height: 18, viewBox: "0 0 18 18", "aria-hidden": "true" })) icon.setAttribute(k, v);
    icon.append(drawn(shape, colour, 9, 9, 8));
    const count = [...nodes.values()].filter((n) => n.label === name).length;
    button.append(icon, made("span", name), made("span", String(count), { class: "count" }));
    button.addEventListener("click", () => {
      const hide = !off.has(name);
      if (hide) off.add(name); else off.delete(name);
      button.setAttribute("aria-pressed", String(!hide));
      refresh();
    });
    at("legend").append(button);
  }

  // Search: in names, uids and all properties.
  const words = new Map([...nodes.values()].map((n) => [n.id, (n.uid + " " + n.name + " " + n.labels.join(" ") + " " + Object.values(n.properties).map(written).join(" ")).toLocaleLowerCase()]));
  let hits = [];
  let next = 0;
  function search() {
    const term = at("search").value.trim().toLocaleLowerCase();
    hits = term ? [...nodes.keys()].map((uid) => nodes.get(uid).id).filter((id) => shownNode(id) && words.get(id).includes(term)) : [];
    next = 0;
    cy.batch(() => {
      cy.nodes().removeClass("hit");
      for (const id of hits) cy.getElementById(id).addClass("hit");
    });
    at("found").textContent = term ? hits.length + " found" : "";
  }
  at("search").addEventListener("input", search);
  at("search").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && hits.length) choose(hits[next++ % hits.length], true);
  });

  // The slider goes over the instants at which something in the page began or ended, and the one asked about.
  const asked = Date.parse(data.asOf);
  const instants = [...new Set([...links, ...nodes.values()].flatMap((x) => [x.from, x.to]).filter(Boolean).map((t) => Date.parse(t)).concat(Number.isNaN(asked) ? [] : [asked]))]
    .filter((t) => !Number.isNaN(t)).sort((a, b) => a - b);
  const said = (t) => new Date(t).toISOString().replace(/:\d\d\.000Z$/, "Z").replace("T00:00Z", "").replace("T", " ");
  if (instants.length > 1) {
    const slider = at("slider");
    slider.max = String(instants.length - 1);
    const start = Number.isNaN(asked) ? instants.length - 1 : instants.indexOf(asked);
    slider.value = String(start);
    const moved = () => {
      const here = instants[Number(slider.value)];
      // Where it was asked, the answer is shown as it came.
      instant = Number(slider.value) === start ? null : here;
      at("instant").value = said(here) + (instant === null ? " (as asked)" : "");
      slider.setAttribute("aria-valuetext", said(here));
      refresh();
      search();
    };
    slider.addEventListener("input", () => { moved(); if (chosen) choose(chosen); });
    at("time").hidden = false;
    cy.resize();
    at("instant").value = said(instants[start]) + " (as asked)";
    slider.setAttribute("aria-valuetext", said(instants[start]));
  }

  // Everything as a list too: for readers of screens and of paper.
  function table(caption, heads, rows) {
    const t = made("table");
    t.append(made("caption", caption));
    const head = made("tr");
    for (const h of heads) head.append(made("th", h, { scope: "col" }));
    const top = made("thead");
    top.append(head);
    const body = made("tbody");
    for (const row of rows) {
      const line = made("tr");
      for (const cell of row) line.append(made("td", cell, { dir: "auto" }));
      body.append(line);
    }
    t.append(top, body);
    return t;
  }
  function listed() {
    const there = [...nodes.values()].filter((n) => shownNode(n.id));
    const kept = new Set(there.map((n) => n.id));
    const live = links.filter((r) => valid(r) && kept.has(r.source) && kept.has(r.target));
    at("list").replaceChildren(
      table(there.length + " nodes", ["Kind", "Name", "Key"], there.map((n) => [n.label, n.name, n.uid])),
      table(live.length + " relationships", ["From", "Type", "To", "Since", "Until"], live.map((r) =>
        [byId.get(r.source).name, roleOf(r), byId.get(r.target).name, r.from ? written(r.from) : "", r.to ? written(r.to) : ""])));
  }

  // Export.
  function save(blob, name) {
    const link = made("a", null, { href: URL.createObjectURL(blob), download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }
  function asSvg() {
    const c = colours();
    const box = cy.elements(":visible").boundingBox();
    const safe = (text) => String(text).replace(/[&<>"']/g, (m) => "&#" + m.charCodeAt(0) + ";").replace(/[\u0000-\u0008\u000b-\u001f]/g, " ");
    const out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="' + [box.x1 - 20, box.y1 - 20, box.w + 40, box.h + 40].map((v) => v.toFixed(0)).join(" ") + '" font-family="sans-serif">',
      '<rect x="' + (box.x1 - 20) + '" y="' + (box.y1 - 20) + '" width="' + (box.w + 40) + '" height="' + (box.h + 40) + '" fill="' + c.ground + '"/>'];
    cy.edges(":visible").forEach((e) => {
      const a = e.sourceEndpoint(), b = e.targetEndpoint(), m = e.midpoint();
      out.push('<path d="M' + [a.x, a.y].map((v) => v.toFixed(1)).join(",") + " Q" + [2 * m.x - (a.x + b.x) / 2, 2 * m.y - (a.y + b.y) / 2, b.x, b.y].map((v) => v.toFixed(1)).join(",")
        + '" fill="none" stroke="' + c.line + '" stroke-width="1.3"><title>' + safe(e.data("text")) + "</title></path>");
    });
    cy.nodes(":visible").forEach((n) => {
      const p = n.position();
      out.push(drawn(n.data("shape"), n.data("colour"), p.x, p.y, n.width() / 2).outerHTML.replace(' xmlns="http://www.w3.org/2000/svg"', ""));
      out.push('<text x="' + p.x.toFixed(1) + '" y="' + (p.y + n.height() / 2 + 12).toFixed(1) + '" font-size="11" text-anchor="middle" fill="' + c.ink + '">' + safe(n.data("short")) + "</text>");
    });
    return out.join("\n") + "\n</svg>\n";
  }
  const bitmap = (scale) => cy.png({ full: true, scale, bg: colours().ground, maxWidth: 6000, maxHeight: 6000, output: "blob" });
  at("png").addEventListener("click", () => save(bitmap(2), "picture.png"));
  at("svg").addEventListener("click", () => save(new Blob([asSvg()], { type: "image/svg+xml" }), "picture.svg"));
  at("fit").addEventListener("click", () => cy.fit(cy.elements(":visible"), 24));
  at("print").addEventListener("click", () => window.print());
  window.addEventListener("beforeprint", () => {
    printing = true;
    const before = cy.elements(".dim, .near, .chosen, .hit").map((e) => [e, e.classes().slice()]);
    cy.elements().removeClass("dim near chosen hit");
    cy.style(style());
    at("paper").src = cy.png({ full: true, scale: 2, bg: "#ffffff", maxWidth: 4000, maxHeight: 4000 });
    for (const [element, classes] of before) element.classes(classes);
    at("paper").hidden = false;
    at("listing").open = true;
  });
  window.addEventListener("afterprint", () => {
    printing = false;
    cy.style(style());
    at("paper").hidden = true;
    at("listing").open = false;
  });
  dark.addEventListener("change", () => cy.style(style()));

  // Keys.
  document.addEventListener("keydown", (event) => {
    const typing = event.target.tagName === "INPUT";
    if (event.key === "Escape") {
      at("search").value = "";
      search();
      choose(null);
      return;
    }
    if (event.key === "/" && !typing) {
      event.preventDefault();
      at("search").focus();
    }
  });
  at("canvas").addEventListener("keydown", (event) => {
    const there = [...nodes.values()].map((n) => n.id).filter(shownNode);
    const place = there.indexOf(chosen);
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step && there.length) choose(there[place < 0 ? 0 : (place + step + there.length) % there.length], true);
    else if (event.key === "Enter" && chosen) toggle(chosen);
    else if (event.key === "+" || event.key === "-") cy.zoom({ level: cy.zoom() * (event.key === "+" ? 1.25 : .8), renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
    else if (event.key === "0") cy.fit(cy.elements(":visible"), 24);
    else return;
    event.preventDefault();
  });

  const notes = [];
  if (data.more > 0) notes.push(data.more + " more nodes are not drawn: the nearest " + nodes.size + " are.");
  if (data.cut) notes.push("The answer was cut at its limit: there is more in the graph (--limit all).");
  if (notes.length) {
    at("notice").textContent = notes.join(" ");
    at("notice").hidden = false;
  }
  refresh();
  details();
  cy.fit(cy.elements(":visible"), 24);
})();
