/** `$1,234.50` for an amount in cents. */
export function dollars(amountCents: number): string {
  const digits = (Math.abs(amountCents) / 100).toFixed(2);
  const grouped = digits.replace(/\B(?=(\d{3})+(?=\.))/g, ",");
  return `${amountCents < 0 ? "-" : ""}$${grouped}`;
}

/** `1 order`, `3 orders`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
