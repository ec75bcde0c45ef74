/** Elements made and changed by hand. Text is always text: nothing here takes HTML. */

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * Makes an element. Properties that begin with `on` are listeners, `class` and `data-…`, `aria-…`
 * are attributes, all others properties of the element.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Readonly<Record<string, unknown>>} [properties]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) setProperty(element, name, value);
  append(element, ...children);
  return element;
}

/**
 * @param {HTMLElement} element
 * @param {string} name
 * @param {unknown} value
 */
function setProperty(element, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name.startsWith("on") && typeof value === "function") {
    element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
  } else if (name === "class" || name === "for" || name === "role" || name.includes("-")) {
    element.setAttribute(name, String(value));
  } else {
    Reflect.set(element, name, value);
  }
}

/**
 * @param {Element} parent
 * @param {...Child} children
 */
export function append(parent, ...children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child instanceof Node ? child : String(child));
  }
}

/**
 * Replaces what is in an element.
 * @param {Element} parent
 * @param {...Child} children
 */
export function fill(parent, ...children) {
  parent.replaceChildren();
  append(parent, ...children);
}

/**
 * Sets the text of an element, and touches the page only if it differs.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Sets or takes away an attribute, and touches the page only if it differs.
 * @param {Element} element
 * @param {string} name
 * @param {string | null} value
 */
export function setAttribute(element, name, value) {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

/**
 * The element of an id that stands in the page from the start.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

const SVG = "http://www.w3.org/2000/svg";

/**
 * Makes a drawing of one path.
 * @param {string} path
 * @param {string} className
 */
export function shape(path, className) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  const drawn = document.createElementNS(SVG, "path");
  drawn.setAttribute("d", path);
  svg.append(drawn);
  return svg;
}

/**
 * A table with a caption for those who do not see it.
 * @param {string} caption
 * @param {readonly (readonly [title: string, className?: string])[]} columns
 */
export function table(caption, columns) {
  const body = h("tbody");
  const head = columns.map(([title, className]) =>
    h("th", { scope: "col", class: className }, title)
  );
  const element = h(
    "table",
    {},
    h("caption", { class: "hidden" }, caption),
    h("thead", {}, h("tr", {}, ...head)),
    body,
  );
  return { element, body };
}

/**
 * A part of a page under a heading.
 * @param {string} title
 * @param {string} className
 * @param {...Child} children
 */
export function panel(title, className, ...children) {
  return h("section", { class: `panel ${className}` }, h("h2", {}, title), ...children);
}

/**
 * A place that scrolls sideways, and takes the keyboard for it.
 * @param {string} label
 * @param {...Child} children
 */
export function wide(label, ...children) {
  return h("div", { class: "wide", tabIndex: 0, role: "region", "aria-label": label }, ...children);
}
