/** How the venue writes money and time (exchange API §1.2). */

/** Cents as people read them, such as `$1,234.56` or `-$12.00`. */
export function moneyText(amountCents: number): string {
  const absolute = Math.abs(amountCents);
  const dollars = String(Math.floor(absolute / 100)).replace(/\B(?=(\d{3})+$)/g, ",");
  const rest = String(absolute % 100).padStart(2, "0");
  return `${amountCents < 0 ? "-" : ""}$${dollars}.${rest}`;
}

/** A time as all answers but orders write it: `…T03:04:05.678000+00:00`. */
export function offsetTime(atMs: number): string {
  return `${microseconds(atMs)}+00:00`;
}

/** A time that may not have come, as {@link offsetTime}. */
export function offsetTimeOrNull(atMs: number | null): string | null {
  return atMs === null ? null : offsetTime(atMs);
}

/** A time as orders write it: `…T03:04:05.678000Z`. */
export function zuluTime(atMs: number): string {
  return `${microseconds(atMs)}Z`;
}

/** The venue counts microseconds, but shows no fraction of a whole second. */
function microseconds(atMs: number): string {
  const [seconds = "", milliseconds] = new Date(atMs).toISOString().slice(0, -1).split(".");
  return milliseconds === "000" ? seconds : `${seconds}.${milliseconds}000`;
}
